// What a gate asks. Rules are frozen into the plan; what they ask about is not: facts of the run,
// standing facts, and the time. Answers come from admit.ts and from nowhere else.

import type { Calendar } from "../calendar/calendar.ts";
import type { EvidenceCondition } from "../evidence/evidence.ts";
import type { DurationMs, EnvironmentName, Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { PhaseClass, PhaseDays } from "../rollout/phase-class.ts";
import type { TaskSpec } from "../task-spec.ts";

export type GateRule = { readonly id: string } & (
  | { readonly kind: "approval"; readonly approval: ApprovalRule }
  /** All must hold, over the newest report that has each. */
  | { readonly kind: "evidence"; readonly conditions: readonly EvidenceCondition[] }
  | { readonly kind: "checklist"; readonly checklist: Checklist }
  /** The calendar is open. An emergency passes it. */
  | { readonly kind: "window"; readonly calendar: Calendar }
  /** No freeze is in force for the lane. An emergency passes it. */
  | { readonly kind: "noFreeze" }
  /** A change record for this release is approved. */
  | { readonly kind: "changeRecord" }
  /** The release is known good there: asked again, since it may have been rolled back since. */
  | { readonly kind: "verifiedIn"; readonly environment: EnvironmentName }
  /** It is the day of its phase. An emergency passes it. */
  | { readonly kind: "phase"; readonly phase: PlannedPhase }
);

/** A phase of a rollout with its days on the calendar. */
export interface PlannedPhase extends PhaseClass {
  readonly rollout: string;
  readonly zone: string;
  readonly days: PhaseDays;
  /** The phase before; null: it is the first, and may begin on any day. */
  readonly after: EnvironmentName | null;
  /** Null: not known as long as the phase before it is not verified. */
  readonly opens: Instant | null;
  readonly closes: Instant | null;
  readonly late: "go" | "refuse";
  readonly deploy: readonly string[];
  readonly inform: readonly string[];
}

/** N of the named people, none of them twice. */
export interface ApprovalRule {
  /** People, those of the groups among them. */
  readonly from: readonly string[];
  /** The groups as written, for people to read. */
  readonly groups: readonly string[];
  readonly count: number;
  /** True: the release's author does not count. */
  readonly notAuthor: boolean;
  /** An approval older than this counts no more; null: it never expires. */
  readonly expiresMs: DurationMs | null;
  /** What an approver must say along with it. */
  readonly asks: readonly Question[];
}

/** `choice`: one of `options`; `number` and `text` may be bounded by their own sense only. */
export interface Question {
  readonly name: string;
  readonly text: string;
  readonly type: "text" | "number" | "yesNo" | "choice";
  readonly options: readonly string[];
}

export type Answers = Readonly<Record<string, string | number | boolean>>;

export interface Checklist {
  readonly name: string;
  readonly items: readonly ChecklistItem[];
}

export interface ChecklistItem {
  /** Unique in its list. */
  readonly id: string;
  readonly text: string;
  /** Who may tick it; empty: anybody. */
  readonly owner: readonly string[];
  /** Due this long after the gate was reached; late is told, not failed. Null: whenever. */
  readonly dueMs: DurationMs | null;
  /** Checked by Sluice; null: only by a person. */
  readonly check: ItemCheck | null;
  /** True: a person must tick it, even where a check passed. */
  readonly manual: boolean;
  /** What a person must give along with a tick. */
  readonly needs: "nothing" | "text" | "link";
  /** May be left out, with a reason. */
  readonly skippable: boolean;
}

export type ItemCheck =
  | { readonly kind: "evidence"; readonly conditions: readonly EvidenceCondition[] }
  | { readonly kind: "verifiedIn"; readonly environment: EnvironmentName }
  | { readonly kind: "changeRecord" }
  /** Run once when the gate is reached, and again when somebody asks for it. */
  | { readonly kind: "task"; readonly task: TaskSpec; readonly deadlineMs: DurationMs };

/** `deny`: nothing that may still be said changes it. */
export interface RuleResult {
  readonly rule: string;
  readonly kind: "allow" | "wait" | "deny";
  /** When the answer may change by itself; null: only by somebody's word. */
  readonly until: Instant | null;
  readonly reasons: readonly Reason[];
}

/** Allowed when all rules allow it, denied when one denies it. */
export interface Admission {
  readonly kind: "allow" | "wait" | "deny";
  /** The earliest moment at which any result may change by itself; null: never. */
  readonly until: Instant | null;
  readonly results: readonly RuleResult[];
}
