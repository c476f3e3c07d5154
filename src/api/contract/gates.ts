// Gates of a plan that are not passed yet: what each of their rules asks, and how it is answered at
// this moment.

import type { ItemCheck, Question } from "../../core/admission/rule.ts";
import type { Instant } from "../../core/ids.ts";
import type { Reason } from "../../core/reason.ts";
import type { LocalMoment } from "./local-moment.ts";

export type { Question };

export interface GateView {
  readonly step: string;
  readonly title: string;
  /** `here`: the run stands at it. `ahead`: answered as if it stood there now. */
  readonly state: "here" | "ahead";
  readonly answer: Answer;
  /** When the answer may change by itself; null: only by somebody's word. */
  readonly until: LocalMoment | null;
  /** When it was reached; null: not yet. */
  readonly since: Instant | null;
  /** When what is not allowed by then is late; null: not reached yet. */
  readonly failsAt: Instant | null;
  /** What follows then. `hold`: it stays where it is, and somebody is called. */
  readonly onLate: "fail" | "hold" | "back";
  readonly rules: readonly RuleView[];
}

/** `deny`: nothing that may still be said changes it. */
export type Answer = "allow" | "wait" | "deny";

export type RuleView = RuleHead &
  (
    | {
        readonly kind: "approval";
        /** Groups as written, and the people in them and beside them. */
        readonly groups: readonly string[];
        readonly from: readonly string[];
        readonly needed: number;
        readonly given: readonly string[];
        /** Those whose word still counts: not the author, nobody twice, whoever stands in included.
         */
        readonly open: readonly string[];
        readonly asks: readonly Question[];
      }
    | {
        readonly kind: "checklist";
        readonly checklist: string;
        readonly items: readonly ItemView[];
      }
    | { readonly kind: "window"; readonly calendar: string; readonly zone: string }
    | { readonly kind: "evidence" }
    | { readonly kind: "noFreeze" }
    | { readonly kind: "changeRecord" }
    | { readonly kind: "verifiedIn"; readonly environment: string }
    | {
        readonly kind: "phase";
        readonly rollout: string;
        /** `3-4`. */
        readonly days: string;
        readonly zone: string;
        readonly inform: readonly string[];
      }
  );

interface RuleHead {
  readonly id: string;
  /** What it asks, in one line. */
  readonly text: string;
  readonly answer: Answer;
  readonly until: LocalMoment | null;
  readonly reasons: readonly Reason[];
}

export interface ItemView {
  readonly id: string;
  readonly text: string;
  readonly state: "open" | "done" | "failed" | "skipped";
  /** Due and not done. */
  readonly late: boolean;
  readonly dueAt: Instant | null;
  /** Who may tick it; empty: anybody. */
  readonly owner: readonly string[];
  /** Whose word it rests on (`sluice`: it was checked), and when it was said; null: nobody's. */
  readonly by: string | null;
  readonly at: Instant | null;
  /** What was said or found, or what is missing. */
  readonly note: string;
  /** What Sluice checks by itself; null: only a person does. */
  readonly check: { readonly kind: ItemCheck["kind"]; readonly text: string } | null;
  /** True: a person's word is needed. */
  readonly manual: boolean;
  readonly needs: "nothing" | "text" | "link";
  readonly skippable: boolean;
}
