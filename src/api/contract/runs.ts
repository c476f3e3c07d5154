// Runs: in one line, as the whole picture, and what happened in them.

import type { MissingSecret } from "./secrets.ts";
import type { Instant } from "../../core/ids.ts";
import type { Plan } from "../../core/plan.ts";
import type { Reason } from "../../core/reason.ts";
import type { Frozen, Origin, Outcome } from "../../core/run.ts";
import type { StepKind } from "../../core/step.ts";
import type { ApprovalView, Ask } from "./asks.ts";
import type { GateView } from "./gates.ts";
import type { Gauge } from "./gauges.ts";
import type { MemberView } from "./trains.ts";

export type { Outcome, Reason };

export interface RunsQuery {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  readonly state?: RunFilter | undefined;
  readonly limit?: number | undefined;
}

/** `active`: not ended; `ended`; or one outcome. */
export const RUN_FILTERS = [
  "active",
  "ended",
  "succeeded",
  "rolledBack",
  "aborted",
  "superseded",
  "failed",
] as const satisfies readonly ("active" | "ended" | Outcome)[];

export type RunFilter = (typeof RUN_FILTERS)[number];

export interface RunBrief {
  readonly id: string;
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly from: string | null;
  readonly origin: Origin;
  readonly createdAt: Instant;
  readonly phase: RunPhase;
  readonly outcome: Outcome | null;
  readonly settledAt: Instant | null;
  /** Candidate's share of the traffic, in thousandths. */
  readonly weight: number;
  /** The step it is in; null before the first and after the last. */
  readonly step: { readonly id: string; readonly title: string; readonly since: Instant } | null;
  /** A person's. */
  readonly hold: Hold | null;
  /** What a freeze holds, beside a person's hold. */
  readonly frozen: Frozen | null;
  readonly stalled: Stall | null;
}

export type RunPhase = "queued" | "forward" | "back" | "ended";

export type RunList = { readonly runs: readonly RunBrief[] };

export type Hold = { readonly by: string; readonly reason: string; readonly since: Instant };

export type Stall = { readonly at: Instant; readonly why: string };

export interface RunView extends RunBrief {
  /** The run that has the lane, where this one waits for it. */
  readonly behind: Behind | null;
  readonly playbook: string;
  readonly strategy: Plan["strategy"];
  /** What an approval is bound to. */
  readonly planHash: string;
  readonly steps: readonly StepView[];
  /** Steps of the way back; empty while it goes forward. */
  readonly back: readonly StepView[];
  /** What the way back leads to; null: not going back, or nothing good to return to. */
  readonly backTo: string | null;
  readonly gauges: readonly Gauge[];
  readonly because: readonly Reason[];
  /** Gates that are not passed yet, the present one first; none on the way back. */
  readonly gates: readonly GateView[];
  /** Of a train, in the order of their going; empty for any other run. */
  readonly members: readonly MemberView[];
  /** The step behind which nothing goes back by itself, once it was begun. */
  readonly noReturn: string | null;
  /** What the run waits for from people. */
  readonly asks: readonly Ask[];
  readonly approvals: readonly ApprovalView[];
  /** Why it went back. */
  readonly breach: BreachView | null;
  /** What going back has left as it is, and who can take it back; empty where nothing is left. */
  readonly left: readonly Reason[];
  readonly endedAt: Instant | null;
  /** When it looks again by itself; null: it has ended, or nobody knows. */
  readonly nextLookAt: Instant | null;
  /** What its plan asks for and is not there as of now; absent where all is. */
  readonly missingSecrets?: readonly MissingSecret[] | undefined;
}

export interface Behind extends RunBrief {
  /** False: it still stands at its first gates, and makes way for an emergency. */
  readonly begun: boolean;
  /** The step behind which it does not go back for a newer run. */
  readonly noReturn: string | null;
}

export interface StepView {
  readonly id: string;
  readonly title: string;
  readonly kind: StepKind;
  /** `waiting`: not begun. `skipped`: will not be done, because the run turned back before it. */
  readonly state: "done" | "active" | "waiting" | "failed" | "skipped";
  readonly since: Instant | null;
  readonly tookMs: number | null;
  /** How long it lasts by plan: a bake's watch, the time a slot is kept; null: until it is done. */
  readonly plannedMs: number | null;
  /** Key numbers, or why it failed. */
  readonly note: string | null;
}

export interface BreachView {
  readonly at: Instant;
  readonly trigger: string;
  readonly weight: number;
  readonly reasons: readonly Reason[];
}

export interface EventsQuery {
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

export interface RunEventView {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly step: string | null;
  readonly reasons: readonly Reason[];
}

export type EventList = { readonly events: readonly RunEventView[] };
