// A release's way over its environments as somebody planned it: which one on which day, how risky
// that is, and who is there for it.

import type { ApprovalRule } from "../admission/rule.ts";
import type { Calendar } from "../calendar/calendar.ts";
import type { EnvironmentName } from "../ids.ts";
import type { PhaseClass, PhaseDays } from "./phase-class.ts";

export interface Rollout {
  readonly name: string;
  /** An IANA zone or a fixed distance from UTC: whose midnight begins a day. */
  readonly zone: string;
  /** In the order of their days; the first begins on day 1. */
  readonly phases: readonly Phase[];
}

export interface Phase extends PhaseClass {
  readonly environment: EnvironmentName;
  /** Both inclusive. Day 1 is the one on which the first phase was verified. */
  readonly days: PhaseDays;
  /** What becomes of a run that has not begun when its last day is over. */
  readonly late: "go" | "refuse";
  /** When a run may begin on its days; null: at any time. */
  readonly calendar: Calendar | null;
  /** What its risk and its people ask for; null: nothing beyond what the environment asks. */
  readonly approval: ApprovalRule | null;
  /** Who may begin a run of it; empty: anybody. */
  readonly deploy: readonly string[];
  /** Who wants to know of it. */
  readonly inform: readonly string[];
}
