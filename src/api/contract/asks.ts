// What a run waits for from people, and what they said so far.

import type { Answers, Question } from "../../core/admission/rule.ts";
import type { Instant } from "../../core/ids.ts";

/** What somebody must do before the run goes on, and the words to do it with. */
export type Ask =
  | {
      readonly kind: "approval";
      readonly step: string;
      /** The rule of that gate. */
      readonly rule: string;
      readonly from: readonly string[];
      readonly needed: number;
      readonly given: readonly string[];
      /** Named people who do not count: the author, those who did already. */
      readonly open: readonly string[];
      /** What must be said along with an approval. */
      readonly questions: readonly Question[];
    }
  /** An item of a checklist. */
  | {
      readonly kind: "tick";
      readonly step: string;
      readonly item: string;
      readonly text: string;
      /** Empty: anybody. */
      readonly from: readonly string[];
      readonly dueAt: Instant | null;
      readonly late: boolean;
      /** What is missing, or what failed. */
      readonly note: string;
      readonly needs: "nothing" | "text" | "link";
      readonly skippable: boolean;
    }
  /** Evidence that is missing or not good enough, each with its numbers. */
  | { readonly kind: "evidence"; readonly step: string; readonly lacks: readonly string[] }
  /** A change record is to be approved. */
  | { readonly kind: "change"; readonly step: string }
  | {
      readonly kind: "answer";
      readonly step: string;
      readonly from: readonly string[];
      readonly instructions: string;
    }
  /** Work that came to nothing, and can be begun once more when what was in its way is mended. */
  | { readonly kind: "again"; readonly step: string }
  | { readonly kind: "resume"; readonly by: string; readonly reason: string }
  | { readonly kind: "act"; readonly why: string };

export interface ApprovalView {
  readonly step: string;
  readonly by: string;
  readonly at: Instant;
  readonly verdict: "approve" | "reject";
  readonly reason: string | null;
  readonly answers: Answers;
}
