// A playbook compiled for one service, environment and release: immutable, hashed, with nothing
// meaningful left to decide.

import type { Checklist } from "./admission/rule.ts";
import type { Calendar } from "./calendar/calendar.ts";
import type { Actor, Digest, DurationMs, ReleaseId } from "./ids.ts";
import type { LaneKey } from "./lane.ts";
import type { NotifyTarget, OnFreeze, TierTimes, TrafficBack, VerifyPolicy } from "./playbook.ts";
import type { RouteSpec, Runtime } from "./runtime.ts";
import type { RollbackTier, Step } from "./step.ts";
import type { Analysis, Condition } from "./threshold.ts";

/** What a slot is filled with. */
export interface Release {
  readonly id: ReleaseId;
  /** The stored artifact; what runs is a copy of it. */
  readonly artifact: Digest;
  readonly author: Actor;
  /** Of a train: the releases that it brings. Absent: it is a service's. */
  readonly members?: readonly ReleaseId[];
}

export interface PlanBody extends LaneKey {
  readonly release: Release;
  /** The stable release that this plan starts from; null: nothing lives there yet. */
  readonly from: Release | null;
  readonly playbook: string;
  readonly strategy: "canary" | "blueGreen" | "rolling" | "recreate" | "rollback" | "train";
  readonly steps: readonly Step[];
  readonly triggers: readonly Condition[];
  readonly analysis: Analysis;
  /** Instances at full capacity. */
  readonly instances: number;
  readonly runtime: Runtime;
  /** How `from` ran, so that a rollback brings back what was, not what is written now. */
  readonly fromRuntime: Runtime | null;
  readonly route: RouteSpec;
  readonly rollback: {
    readonly keepFailedMs: DurationMs;
    readonly withinMs: DurationMs;
    /** Absent: `withinMs` holds for every tier. */
    readonly tierWithinMs?: TierTimes;
    /** How far an automatic rollback goes. */
    readonly tier: RollbackTier;
    /** Absent: traffic goes back at once in every tier. */
    readonly traffic?: TrafficBack;
    /** Absent: nothing is asked when the traffic is back. */
    readonly verify?: VerifyPolicy;
  };
  /** Of a rollback that goes by shares: what the release it leaves is judged by meanwhile. */
  readonly leaving?: readonly Condition[];
  /** Of a rollback: somebody asked for all traffic in one go, whatever its tier has. */
  readonly atOnce?: true;
  /** What a freeze, or a denied period of one of its calendars, does to a run under way. */
  readonly onFreeze: OnFreeze;
  /** The calendars of its gates: their denied periods are watched as long as it goes forward. */
  readonly calendars: readonly Calendar[];
  readonly readyWithinMs: DurationMs;
  readonly shiftWithinMs: DurationMs;
  readonly onNewer: "queue" | "supersede";
  readonly notify: readonly NotifyTarget[];
  /** Opened when it has succeeded, and done by people afterwards. Undefined: none. */
  readonly followUps?: readonly Checklist[] | undefined;
  /** Of a rollback: what the releases it leaves have done and it does not take back, since that is
   * of a further tier. In the order of doing. Undefined: nothing. */
  readonly leaves?: readonly LeftStep[] | undefined;
  /** Environments that take this release by themselves once it succeeded here. */
  readonly promotesTo: readonly string[];
}

export interface LeftStep {
  readonly step: string;
  readonly release: ReleaseId;
}

export interface Plan extends PlanBody {
  /** SHA-256 over the canonical JSON of the body. */
  readonly hash: Digest;
}
