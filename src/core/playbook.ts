// The written procedure and what it is written for, as config parses them: every default filled in,
// every unit resolved. compile.ts turns them into a plan.

import type { DurationMs, EnvironmentName, Permille, ServiceName } from "./ids.ts";
import type { RouteSpec, Runtime } from "./runtime.ts";
import type { ApprovalRule, Checklist } from "./admission/rule.ts";
import type { BackupAction } from "./backup/backup-step.ts";
import type { BlobStore, Database } from "./backup/database.ts";
import type { Calendar } from "./calendar/calendar.ts";
import type { EvidenceCondition } from "./evidence/evidence.ts";
import type { Rollout } from "./rollout/rollout.ts";
import type { TaskSpec } from "./task-spec.ts";
import type { MigrationPhase, RollbackTier, Undo } from "./step.ts";
import type { Analysis, Condition } from "./threshold.ts";

export interface Playbook {
  readonly name: string;
  /** The target for the whole deployment; null: none is stated. What cannot hold is told. */
  readonly withinMs: DurationMs | null;
  readonly before: readonly Action[];
  readonly deploy: readonly DeployItem[];
  readonly after: readonly Action[];
  readonly analysis: Analysis;
  readonly rollback: RollbackPolicy;
  /** What a newer release does to a run that is under way. */
  readonly onNewer: "queue" | "supersede";
  readonly onFreeze: OnFreeze;
  readonly notify: readonly NotifyTarget[];
}

/** `hold`: stays at the present weight with its triggers armed, and goes on when it ends. */
export type OnFreeze = "hold" | "finish" | "back";

/** What may stand before, between and after the strategy. */
export type Action =
  | { readonly kind: "approval"; readonly approval: ApprovalRule }
  | { readonly kind: "evidence"; readonly conditions: readonly EvidenceCondition[] }
  | { readonly kind: "checklist"; readonly checklist: Checklist }
  | { readonly kind: "window"; readonly calendar: Calendar }
  | { readonly kind: "changeRecord" }
  /** Opened when the release has succeeded; holds nobody up. */
  | { readonly kind: "followUp"; readonly checklist: Checklist }
  | {
      readonly kind: "task";
      readonly name: string;
      readonly task: TaskSpec;
      readonly deadlineMs: DurationMs;
      readonly repeatable: boolean;
      readonly onUnknown: "hold" | "back";
      readonly attempts: number;
      readonly undo: Undo | null;
      readonly migration: MigrationPhase | null;
    }
  | BackupAction
  | { readonly kind: "verify"; readonly name: string; readonly verify: VerifyPolicy }
  | {
      readonly kind: "manual";
      readonly name: string;
      readonly instructions: string;
      readonly from: readonly string[];
    };

/** Exactly one item of `deploy` is a strategy. */
export type DeployItem = Action | { readonly kind: "strategy"; readonly strategy: Strategy };

export interface VerifyPolicy {
  readonly paths: readonly string[];
  readonly through: "instances" | "router";
  readonly initialWaitMs: DurationMs;
  readonly attempts: number;
  readonly intervalMs: DurationMs;
  readonly timeoutMs: DurationMs;
}

export type Strategy = CanaryStrategy | BlueGreenStrategy | RollingStrategy | RecreateStrategy;

interface StrategyHead {
  /** How long bringing instances up may take before it counts as failed. */
  readonly readyWithinMs: DurationMs;
  readonly shiftWithinMs: DurationMs;
  /** Probes before the candidate gets its first traffic; null: readiness alone. */
  readonly verify: VerifyPolicy | null;
  /** Watched at full traffic before the release counts as known good. */
  readonly stability: BakePolicy;
}

/** A bake without its length is judged by the triggers alone. */
export interface BakePolicy {
  readonly forMs: DurationMs;
  readonly gates: readonly Condition[];
  readonly patienceMs: DurationMs;
  readonly onPatienceEnd: "back" | "hold";
  readonly holdForMs: DurationMs;
  readonly onHoldEnd: "back" | "hold";
}

export interface CanaryStrategy extends StrategyHead {
  readonly kind: "canary";
  /** Rising, the last is 1000. */
  readonly weights: readonly Permille[];
  /** In the order of the shares. */
  readonly stops: readonly CanaryStop[];
  readonly bake: BakePolicy;
  /** The old slot stays up this long after success. */
  readonly keepWarmMs: DurationMs;
}

/** Asked when everything before this share is done, the share before it baked. */
export interface CanaryStop {
  readonly before: Permille;
  /** In order; gates that stand together are asked at one moment. */
  readonly actions: readonly StopAction[];
  /** What each of its gates does not allow by then is late. */
  readonly withinMs: DurationMs;
  /** `hold`: stays at the share it has and calls somebody. */
  readonly onLate: "hold" | "back";
}

/** Nothing that changes anything by itself: between two shares people and facts have their say. */
export type StopAction = Extract<
  Action,
  { kind: "approval" | "evidence" | "checklist" | "window" | "changeRecord" | "manual" }
>;

export interface BlueGreenStrategy extends StrategyHead {
  readonly kind: "blueGreen";
  readonly keepWarmMs: DurationMs;
}

export interface RollingStrategy extends StrategyHead {
  readonly kind: "rolling";
  readonly maxSurge: Amount;
  readonly maxUnavailable: Amount;
}

export interface RecreateStrategy extends StrategyHead {
  readonly kind: "recreate";
}

/** A number of instances, or a share of them: surge rounds up, unavailable rounds down. */
export type Amount =
  | { readonly kind: "count"; readonly count: number }
  | { readonly kind: "share"; readonly percent: number };

export interface RollbackPolicy {
  readonly when: readonly Condition[];
  /** How long the failed slot stays, without traffic, for whoever wants to look at it. */
  readonly keepFailedMs: DurationMs;
  /** The promised time from breach to restored; a miss is reported, never hidden. Where each tier
   * has its own, that of `tier`. */
  readonly withinMs: DurationMs;
  /** Absent: the same in every tier. */
  readonly tierWithinMs?: TierTimes;
  /** How far an automatic rollback goes. */
  readonly tier: RollbackTier;
  /** How traffic returns in the tier `gradual`; absent: at once, as in the others. */
  readonly traffic?: TrafficBack;
  /** Asked of what serves again once the traffic is back; absent: nothing. */
  readonly verify?: VerifyPolicy;
}

/** None is shorter than the one before it, which is a part of it. */
export type TierTimes = Readonly<Record<RollbackTier, DurationMs>>;

export interface TrafficBack {
  /** Of what is left behind, on its way to nothing: falling, each above 0. */
  readonly shares: readonly Permille[];
  /** Waited at each of them. */
  readonly bakeMs: DurationMs;
}

export interface NotifyTarget {
  readonly kind: "webhook";
  readonly url: string;
}

/** What is released and where it lives. */
export interface ServiceDefinition {
  readonly name: ServiceName;
  readonly environments: readonly ServiceInEnvironment[];
  /** Its way over them, day by day; undefined: as each environment takes releases. */
  readonly rollout?: Rollout | undefined;
  /** Artifacts of so many of its newest releases stay; undefined: all. */
  readonly keepReleases?: number | undefined;
}

export interface ServiceInEnvironment {
  readonly environment: EnvironmentName;
  readonly playbook: string;
  readonly instances: number;
  readonly runtime: Runtime;
  readonly route: RouteSpec;
}

/** A tier and how it takes releases. */
export interface EnvironmentDefinition {
  readonly name: EnvironmentName;
  readonly tier: "development" | "staging" | "production" | "disaster-recovery";
  readonly takes: Takes;
  /** In people's own words, for whoever is about to release there. Absent: nothing is said. */
  readonly about?: EnvironmentAbout | undefined;
}

export interface EnvironmentAbout {
  readonly purpose?: string | undefined;
  readonly stability?: string | undefined;
  readonly data?: string | undefined;
  readonly monitoring?: string | undefined;
  readonly availability?: string | undefined;
}

export interface Takes {
  /** `release`: any new release. Otherwise a release that succeeded in that environment. */
  readonly from:
    { readonly kind: "release" } | { readonly kind: "environment"; readonly name: EnvironmentName };
  readonly how: "automatic" | "manual";
  /** Asked before the first step, whoever or whatever began the run. */
  readonly approval: ApprovalRule | null;
  /** When a run may begin there, whoever or whatever asks for it; null: at any time. */
  readonly calendar: Calendar | null;
  /** Who may begin a run there past windows and freezes, and for how long; null: nobody. */
  readonly emergency: { readonly from: readonly string[]; readonly withinMs: DurationMs } | null;
}

/** All definitions that hold together, as applied in one go. */
export interface Definitions {
  readonly services: readonly ServiceDefinition[];
  readonly environments: readonly EnvironmentDefinition[];
  readonly playbooks: readonly Playbook[];
  readonly calendars: readonly Calendar[];
  readonly checklists: readonly Checklist[];
  readonly groups: readonly Group[];
  readonly rollouts: readonly Rollout[];
  /** Absent where they were written before there were any. */
  readonly trains?: readonly TrainDefinition[];
  readonly databases: readonly Database[];
  readonly blobStores: readonly BlobStore[];
}

/** Several services that go forward in the order of their dependencies, and back as one. */
export interface TrainDefinition {
  /** No service has the same. */
  readonly name: ServiceName;
  readonly environments: readonly EnvironmentName[];
  /** Without a circle; `after`: who must have settled well before. */
  readonly members: readonly {
    readonly service: ServiceName;
    readonly after: readonly ServiceName[];
  }[];
  /** What has not settled by then sends all of it back. */
  readonly withinMs: DurationMs;
  readonly before: readonly TrainAction[];
  /** Once all have settled well, and before any of them gives up its old slot. */
  readonly after: readonly TrainAction[];
  readonly onFreeze: OnFreeze;
  readonly rollback: Pick<RollbackPolicy, "withinMs" | "tierWithinMs" | "tier">;
  readonly notify: readonly NotifyTarget[];
}

/** Nothing of a train runs anywhere, so no task, probe or backup is among these. */
export type TrainAction = Exclude<
  Action,
  { readonly kind: "task" | "verify" | "backup" | "followUp" }
>;

/** People under one name. */
export interface Group {
  readonly name: string;
  readonly members: readonly string[];
}
