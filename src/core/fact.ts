// Something somebody said. Commands are facts too: a person's word is recorded first and taken into
// account by the next pass, so nobody but a pass ever changes a run.

import type { Answers } from "./admission/rule.ts";
import type { Actor, Instant, ReleaseId, RunId } from "./ids.ts";
import type { RollbackTier } from "./step.ts";

export type FactBody =
  /** Bound to the plan that the person saw. */
  | {
      readonly kind: "approval";
      readonly step: string;
      readonly planHash: string;
      readonly verdict: "approve" | "reject";
      readonly reason: string | null;
      /** To the rule's questions. */
      readonly answers: Answers;
    }
  /** A word on one item of a checklist; the newest counts. */
  | {
      readonly kind: "tick";
      readonly step: string;
      readonly item: string;
      readonly verdict: "done" | "failed" | "skipped";
      /** What was done, where it is to be seen, or why it was left out. */
      readonly text: string;
    }
  | { readonly kind: "hold"; readonly reason: string }
  | { readonly kind: "resume" }
  | { readonly kind: "abort"; readonly reason: string }
  /** `to` null: the last known good. */
  | {
      readonly kind: "rollback";
      readonly to: ReleaseId | null;
      readonly reason: string;
      readonly tier: RollbackTier;
      /** All traffic in one go, whatever the tier has; absent: as the playbook says. */
      readonly now?: true;
    }
  | {
      readonly kind: "answer";
      readonly step: string;
      readonly text: string;
      readonly verdict: "done" | "failed";
    }
  /** What was in the way of this step has been mended: it is to be begun once more. */
  | { readonly kind: "again"; readonly step: string; readonly text: string }
  /** An alert from outside; `status` of the newest one with this name counts. */
  | {
      readonly kind: "alert";
      readonly name: string;
      readonly severity: string;
      readonly status: "firing" | "resolved";
    };

export type Fact = FactBody & {
  /** Grows without end; a run's `factsSeen` points into it. */
  readonly seq: number;
  readonly run: RunId;
  readonly by: Actor;
  readonly at: Instant;
};
