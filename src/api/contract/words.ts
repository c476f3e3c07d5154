// What people say to a run under way.

import type { Answers } from "../../core/admission/rule.ts";

export interface ApprovalBody {
  /** Null: the gate that the run stands at. */
  readonly step: string | null;
  /** The plan that the person saw. */
  readonly planHash: string;
  readonly verdict: "approve" | "reject";
  readonly reason: string | null;
  /** To the questions of the rules that this person's word counts for; a number or a yes may be
   * given as text. */
  readonly answers?: Answers | undefined;
}

/** A word on one item of a checklist; the newest counts. */
export interface TickBody {
  /** Null: the gate of the run that has this item. */
  readonly step: string | null;
  readonly item: string;
  readonly verdict: "done" | "failed" | "skipped";
  /** What was done, where it is to be seen, or why it is left out; may be empty where the item
   * needs nothing and is done. */
  readonly text: string;
}

export type ReasonBody = { readonly reason: string };

export interface AlertBody {
  readonly name: string;
  readonly severity: string;
  readonly status: "firing" | "resolved";
}

export interface AnswerBody {
  readonly step: string;
  /** What was done or found. */
  readonly text: string;
  /** `again`: work that waits for a person is begun once more. */
  readonly verdict: "done" | "failed" | "again";
}
