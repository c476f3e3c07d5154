// What one pass looked at: immutable, every value with the time it was seen. decide() knows nothing
// else of the world.

import type { EffectOutcome, EffectRecord, LevelEffect, Weights } from "./effect.ts";
import type { FirstSeen } from "./evidence/evidence.ts";
import type { Fact } from "./fact.ts";
import type { EnvironmentName, Instant, ReleaseId, RunId } from "./ids.ts";
import type { Lane, SlotName } from "./lane.ts";
import type { Plan } from "./plan.ts";
import type { Series } from "./series.ts";
import type { Standing } from "./standing.ts";
import type { MemberSight, TrainSight } from "./train/train.ts";

/** A look that worked, or one that did not. Not seen is never the same as not there. */
export type Seen<T> =
  | { readonly kind: "seen"; readonly at: Instant; readonly value: T }
  | { readonly kind: "unseen"; readonly at: Instant; readonly why: string };

export interface TargetState {
  /** Highest generation it took in this lane; 0 when it never took one. */
  readonly generation: number;
  readonly slots: Readonly<Record<SlotName, SlotState>>;
}

export interface SlotState {
  /** As last ordered. Empty: nothing shall be there. */
  readonly wanted: readonly { readonly release: ReleaseId; readonly instances: number }[];
  readonly instances: readonly InstanceState[];
}

export interface InstanceState {
  readonly id: string;
  readonly release: ReleaseId;
  /** `starting` until its readiness probe passes; `draining` and `stopping` on the way out. */
  readonly phase: "starting" | "ready" | "unready" | "backoff" | "draining" | "stopping";
  readonly restarts: number;
  /** Why it is not ready, where the target knows: `it ended, exit code 1`. */
  readonly trouble?: string | undefined;
}

export interface RouterState {
  readonly generation: number;
  readonly weights: Weights;
  /** Endpoints that the router would send a request to now, by slot. */
  readonly endpoints: Readonly<Record<SlotName, number>>;
  /** Why it would send nothing, where it knows: `127.0.0.1:80 is in use by nginx (process 7)`. */
  readonly trouble?: string | undefined;
}

export interface Snapshot {
  readonly takenAt: Instant;
  readonly lane: Lane;
  readonly target: Seen<TargetState>;
  readonly router: Seen<RouterState>;
  readonly metrics: readonly Series[];
  /** Once effects of this run, oldest first. */
  readonly effects: readonly EffectRecord[];
  /** Facts of this run, oldest first. */
  readonly facts: readonly Fact[];
  /**
   * What holds for this lane or release and is not of this run: in force, or soon. Oldest first.
   */
  readonly standing: readonly Standing[];
  /** Environments where this service's release is known good now. */
  readonly verifiedIn: readonly EnvironmentName[];
  /** Of the release's findings, where its plan has deadlines for them. */
  readonly firstSeen?: readonly FirstSeen[] | undefined;
  /** Queued runs of the same lane, oldest first, without this one. */
  readonly waiting: readonly {
    readonly run: RunId;
    readonly seq: number;
    readonly release: ReleaseId;
    /** A rollback. */
    readonly urgent: boolean;
    /** Until when it is an emergency; null: it is none. */
    readonly emergencyUntil: Instant | null;
  }[];
  /** Of a train's run: how its members stand, as the plan has them. */
  readonly members?: readonly MemberSight[];
  /** Of the run of a train's member: how the train stands. */
  readonly train?: TrainSight;
  /** What target and router answered to the orders just before this look; empty on a first look. */
  readonly answers: readonly Answer[];
  /** For a queued run whose plan starts from another release than the lane's stable one. Null
   * otherwise, or where nobody could find out. */
  readonly freshPlan: FreshPlan | null;
}

export type FreshPlan =
  /** As it would be made now. `unknown`: what it does not take back although its tier has it. */
  | { readonly kind: "plan"; readonly plan: Plan; readonly unknown: string | null }
  /** None can be made any more. */
  | { readonly kind: "refused"; readonly code: string; readonly why: string };

/** An answer is only a hint for people: whether an order was carried out is seen by looking. */
export interface Answer {
  readonly to: LevelEffect["kind"];
  readonly outcome: EffectOutcome;
}
