// The unit of a run. Few kinds, all values concrete: nothing is left to decide but whether it is
// done. Section 4 of ARCHITECTURE.md follows one of each through the code.

import type { GateRule } from "./admission/rule.ts";
import type { DurationMs, Permille, ReleaseId, RunId, ServiceName } from "./ids.ts";
import type { Role, TaskSpec } from "./task-spec.ts";
import type { Condition } from "./threshold.ts";

interface StepHead {
  /** Unique in its plan and stable between plans of one playbook: `shift-25`. */
  readonly id: string;
  /** One line for people: `shift 25 % to the candidate`. */
  readonly title: string;
}

/** Passed when admission allows it: every rule at the same moment. */
export interface GateStep extends StepHead {
  readonly kind: "gate";
  readonly rules: readonly GateRule[];
  /** What is not allowed by then fails; where something was touched already, it stays as it is and
   * somebody is called. */
  readonly withinMs: DurationMs;
  /** It fails all the same, and the run goes back. */
  readonly onLate?: "back";
}

export interface TaskStep extends StepHead {
  readonly kind: "task";
  readonly task: TaskSpec;
  readonly deadlineMs: DurationMs;
  /** True: running it twice does no harm, so an interrupted one is simply run again. */
  readonly repeatable: boolean;
  /** What follows when nobody knows whether it ran and it must not run twice. */
  readonly onUnknown: "hold" | "back";
  /** Attempts that may fail before the step does; at least 1. */
  readonly attempts: number;
  /** What takes it back, and in which tier of a rollback; null: nothing needs to be taken back. */
  readonly undo: Undo | null;
  /** Null: it is no migration. */
  readonly migration: MigrationPhase | null;
}

/** `contract` takes away what the release before needs: behind it there is no way back that does
 * not lose something. */
export type MigrationPhase = "expand" | "migrate" | "contract";

export interface Undo {
  readonly task: TaskSpec;
  readonly deadlineMs: DurationMs;
  readonly repeatable: boolean;
  readonly tier: RollbackTier;
}

/** Each has what the one before has, and more. `immediate`: traffic, flags, configuration, caches;
 * `gradual`: also migrations and outside systems; `full`: also infrastructure and backups. */
export type RollbackTier = "immediate" | "gradual" | "full";

export interface PrepareStep extends StepHead {
  readonly kind: "prepare";
  readonly role: Role;
  readonly release: ReleaseId;
  /** Ready instances that the next traffic share needs. */
  readonly instances: number;
  readonly withinMs: DurationMs;
}

export interface VerifyStep extends StepHead {
  readonly kind: "verify";
  readonly probe: Extract<TaskSpec, { kind: "probe" }>;
  readonly initialWaitMs: DurationMs;
  readonly attempts: number;
  readonly intervalMs: DurationMs;
}

export interface ShiftStep extends StepHead {
  readonly kind: "shift";
  /** Share of the candidate; the stable slot has the rest. */
  readonly candidate: Permille;
  readonly withinMs: DurationMs;
}

export interface BakeStep extends StepHead {
  readonly kind: "bake";
  readonly forMs: DurationMs;
  /** All must pass over the bake's whole time. */
  readonly gates: readonly Condition[];
  /** How much longer than forMs an inconclusive verdict may wait for data. */
  readonly patienceMs: DurationMs;
  readonly onPatienceEnd: "back" | "hold";
  /** How long a failed gate without a trigger holds the run, from the moment it was judged. */
  readonly holdForMs: DurationMs;
  readonly onHoldEnd: "back" | "hold";
}

export interface ReplaceStep extends StepHead {
  readonly kind: "replace";
  readonly release: ReleaseId;
  readonly instances: number;
  /** Instances above `instances` while it goes on. */
  readonly maxSurge: number;
  /** Instances below `instances` while it goes on; `instances` itself means recreate. */
  readonly maxUnavailable: number;
  readonly withinMs: DurationMs;
}

export interface RetireStep extends StepHead {
  readonly kind: "retire";
  readonly role: Role;
  /** Kept warm (or, after a rollback, for forensics) this long first. */
  readonly afterMs: DurationMs;
}

export interface ManualStep extends StepHead {
  readonly kind: "manual";
  readonly instructions: string;
  readonly from: readonly string[];
}

/** The services of a train, in an order in which each comes after those it depends on. */
export interface TrainStep extends StepHead {
  readonly kind: "train";
  readonly way: "forward" | "back";
  readonly members: readonly TrainMember[];
  /** Forward: what has not settled by then sends all of it back. */
  readonly withinMs: DurationMs;
  /** How far members that have settled go back. */
  readonly tier: RollbackTier;
  /** Somebody said that they go back across a point of no return as well. */
  readonly anyway: boolean;
  /** Of a rollback: the run that brought the members. Absent: this one. */
  readonly of?: RunId | undefined;
}

export interface TrainMember {
  readonly service: ServiceName;
  readonly release: ReleaseId;
  /** Members that must have settled well before it begins, near and far. */
  readonly after: readonly ServiceName[];
}

export type Step =
  | GateStep
  | TaskStep
  | PrepareStep
  | VerifyStep
  | ShiftStep
  | BakeStep
  | ReplaceStep
  | RetireStep
  | ManualStep
  | TrainStep;

export type StepKind = Step["kind"];
