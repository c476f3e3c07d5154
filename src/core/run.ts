// One execution of a plan, as it is stored between passes. Everything a pass needs to go on after
// any crash is here or can be observed.

import type { Actor, Instant, Permille, ReleaseId, RunId } from "./ids.ts";
import type { LaneKey, SlotName } from "./lane.ts";
import type { Plan } from "./plan.ts";
import type { Reason } from "./reason.ts";
import type { RollbackTier, Step } from "./step.ts";
import type { MetricName } from "./threshold.ts";

export type Outcome = "succeeded" | "rolledBack" | "aborted" | "superseded" | "failed";

export interface Run extends LaneKey {
  readonly id: RunId;
  /** Order of creation within the store: the lane's queue goes by it. */
  readonly seq: number;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly createdAt: Instant;
  /** Compare-and-set guard: every commit adds one. */
  readonly revision: number;
  /** The generation of the last decision; effects carry it. */
  readonly generation: number;
  /** Generation of the last order that was decided for target and router; 0 before the first. A
   * look that shows an older one does not count: that order may still be on its way. */
  readonly ordered: { readonly target: number; readonly router: number };
  /** Which colours the roles have; null until the run takes its lane. */
  readonly slots: { readonly stable: SlotName | null; readonly candidate: SlotName } | null;
  readonly state: RunState;
  /** A person's hold; triggers stay armed. */
  readonly hold: { readonly by: Actor; readonly reason: string; readonly since: Instant } | null;
  /** What a freeze, or a denied period of a calendar, holds. Beside a person's hold and not in its
   * place: both must end before the run goes on. */
  readonly frozen: Frozen | null;
  /** When the first decision was made that may have changed target or router; null before. What was
   * measured earlier in the candidate's slot belongs to somebody else. */
  readonly touchedAt: Instant | null;
  /** The candidate's share of the last shift that was decided. */
  readonly weight: Permille;
  /** What the stable slot measured before the run touched anything. */
  readonly baseline: Readonly<Partial<Record<MetricName, BaselineValue>>>;
  /** Set once the outcome is certain; what follows is keeping warm and clearing up. */
  readonly settled: { readonly outcome: Outcome; readonly at: Instant } | null;
  /** The step behind which no automatic way back exists, once it was begun; null: none was. */
  readonly noReturn: string | null;
  /** Why it went back, if it did. */
  readonly breach: Breach | null;
  /** Why its traffic goes back at once, although its way back has shares for it; absent: it has
   * none, or goes by them. */
  readonly atOnce?: string;
  /** Of a rollback that is a run of its own: that it takes longer than was promised is told. */
  readonly late?: true;
  /** Facts up to this number have been taken into account. */
  readonly factsSeen: number;
  /** Why it is where it is, as of the last pass. */
  readonly because: readonly Reason[];
}

export type RunState =
  | { readonly kind: "queued" }
  | ({ readonly kind: "forward" } & Progress)
  | ({
      readonly kind: "back";
      readonly outcome: Exclude<Outcome, "succeeded">;
      /** Null: nothing good to return to; the candidate is taken down and nothing serves. */
      readonly target: ReleaseId | null;
      /** How far it goes; absent where a version before this one turned it. */
      readonly tier?: RollbackTier;
      readonly steps: readonly Step[];
    } & Progress)
  | { readonly kind: "ended"; readonly outcome: Outcome; readonly at: Instant };

export interface Progress {
  /** Index into the steps; equal to their number when all are done. */
  readonly step: number;
  /** When the present step began. */
  readonly since: Instant;
  /** Attempts used up in this step. */
  readonly attempts: number;
  /** When the next attempt may begin. */
  readonly notBefore: Instant | null;
  /** Since when a gate has been failing without any trigger. */
  readonly failingSince: Instant | null;
  /** What this step last ordered, so that the same is asked for again ever more slowly. */
  readonly order: LastOrder | null;
  /** A person must act; paged. Observing goes on and the run resumes when it can. */
  readonly stalled: { readonly at: Instant; readonly why: string } | null;
}

export interface LastOrder {
  readonly digest: string;
  readonly times: number;
  readonly at: Instant;
  /** What target or router said to it, where that was not yes: it stays said while the next time is
   * waited for. */
  readonly said?: Reason;
}

export interface Origin {
  readonly kind: "release" | "promotion" | "manual" | "rollback" | "train";
  readonly by: Actor;
  readonly reason: string | null;
  /** Break-glass: windows and freezes are passed until then. Null: an ordinary run. */
  readonly emergency: { readonly until: Instant } | null;
  /** The run of the train that began it, forward or back; absent: none did. */
  readonly train?: RunId;
}

export interface BaselineValue {
  readonly value: number;
  readonly count: number;
  readonly at: Instant;
}

export interface Frozen {
  readonly reason: string;
  readonly since: Instant;
  /** True: nothing freezes it any more since then, and it waits for a moment of its own. */
  readonly thawing: boolean;
}

export interface Breach {
  readonly at: Instant;
  /** The condition as written, or what else sent it back. */
  readonly trigger: string;
  readonly weight: Permille;
  readonly reasons: readonly Reason[];
}
