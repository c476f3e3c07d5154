// The unit of a run. Few kinds, all values concrete: nothing is left to decide but whether it is
// done. Section 4 of ARCHITECTURE.md follows one of each through the code.

import type { DurationMs, Permille, ReleaseId } from "./ids.ts";
import type { Condition } from "./threshold.ts";

/** The slot a step speaks of, bound to a colour when the run takes its lane. */
export type Role = "stable" | "candidate";

interface StepHead {
  /** Unique in its plan and stable between plans of one playbook: `shift-25`. */
  readonly id: string;
  /** One line for people: `shift 25 % to the candidate`. */
  readonly title: string;
}

export interface GateStep extends StepHead {
  readonly kind: "gate";
  readonly approval: ApprovalRule;
}

/** N of the named people, none of them twice. */
export interface ApprovalRule {
  readonly from: readonly string[];
  readonly count: number;
  /** True: the release's author does not count. */
  readonly notAuthor: boolean;
  /** An approval older than this counts no more; null: it never expires. */
  readonly expiresMs: DurationMs | null;
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
}

export type TaskSpec =
  /** Run in the release's own artifact folder. Exit code 0 is success. */
  | {
      readonly kind: "command";
      readonly command: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  /** Success is any of `expectStatus`. */
  | {
      readonly kind: "http";
      readonly method: string;
      readonly url: string;
      readonly body: string | null;
      readonly expectStatus: readonly number[];
    }
  /** GET each path on every instance of the slot, or on the lane's route where `through` says so.
   * */
  | {
      readonly kind: "probe";
      readonly role: Role;
      readonly through: "instances" | "router";
      readonly paths: readonly string[];
      readonly timeoutMs: DurationMs;
    };

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

export type Step =
  | GateStep
  | TaskStep
  | PrepareStep
  | VerifyStep
  | ShiftStep
  | BakeStep
  | ReplaceStep
  | RetireStep
  | ManualStep;

export type StepKind = Step["kind"];
