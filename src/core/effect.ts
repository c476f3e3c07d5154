// What a decision wants done. Level effects say how things shall be and may be repeated; once
// effects are claimed, carried out and recorded under their key.

import type { Checklist } from "./admission/rule.ts";
import type { BackupProof } from "./backup/backup.ts";
import type { DurationMs, Permille, ReleaseId, RunId, ServiceName } from "./ids.ts";
import type { LaneKey, SlotName } from "./lane.ts";
import type { NotifyTarget } from "./playbook.ts";
import type { Release } from "./plan.ts";
import type { RouteSpec, Runtime } from "./runtime.ts";
import type { RollbackTier } from "./step.ts";
import type { TaskSpec } from "./task-spec.ts";

/** Instances of one release within a slot. Ordinarily one cohort; two while rolling. */
export interface Cohort {
  readonly release: Release;
  readonly runtime: Runtime;
  readonly instances: number;
}

/** How a slot shall be. No cohorts: gone. */
export interface SlotSpec {
  readonly slot: SlotName;
  readonly cohorts: readonly Cohort[];
}

export type LevelEffect =
  | { readonly kind: "apply"; readonly spec: SlotSpec }
  | { readonly kind: "route"; readonly weights: Weights; readonly route: RouteSpec };

/** Shares of both slots; they sum to 1000, or are both 0 where nothing lives there. */
export type Weights = Readonly<Record<SlotName, Permille>>;

export type OnceEffect =
  | {
      readonly kind: "task";
      /** The step it belongs to and which attempt of it this is, from 1. */
      readonly step: string;
      readonly attempt: number;
      readonly task: TaskSpec;
      readonly slot: SlotName;
      readonly release: Release;
      readonly deadlineMs: DurationMs;
      readonly repeatable: boolean;
    }
  | {
      readonly kind: "notify";
      readonly targets: readonly NotifyTarget[];
      readonly event: NotifyEvent;
    }
  /** Begins a run of this release in another environment, unless it has been begun. */
  | { readonly kind: "promote"; readonly environment: string; readonly release: Release }
  /** Begins the run of a train's member, or takes the member back `to` what it had, unless that has
   * been begun. */
  | {
      readonly kind: "member";
      readonly way: "forward" | "back";
      readonly service: ServiceName;
      readonly release: ReleaseId;
      readonly to: ReleaseId | null;
      readonly tier: RollbackTier;
      /** Across a point of no return as well. */
      readonly anyway: boolean;
    }
  /** Opens a checklist that people do after the run, unless it has been opened. */
  | { readonly kind: "followUp"; readonly checklist: Checklist; readonly release: Release };

export type MemberEffect = Extract<OnceEffect, { readonly kind: "member" }>;

export interface NotifyEvent {
  readonly type: string;
  readonly text: string;
  /** True: a person must act. */
  readonly page: boolean;
  readonly data: Readonly<Record<string, unknown>>;
}

export type EffectBody = LevelEffect | OnceEffect;

/** The fence and the idempotency key every effect carries. */
export interface EffectKey extends LaneKey {
  readonly run: RunId;
  readonly generation: number;
  readonly ordinal: number;
}

export interface Effect {
  readonly key: EffectKey;
  readonly body: EffectBody;
}

/** `run/generation/ordinal`. */
export const effectId = (key: EffectKey): string => `${key.run}/${key.generation}/${key.ordinal}`;

export const isOnce = (body: EffectBody): body is OnceEffect =>
  body.kind === "task" ||
  body.kind === "notify" ||
  body.kind === "promote" ||
  body.kind === "member" ||
  body.kind === "followUp";

/** How a driver call ended. */
export type EffectOutcome =
  | {
      readonly kind: "applied";
      readonly detail: string | null;
      /** Of a backup: which it became. */
      readonly backup?: BackupProof;
    }
  /** It said no and will say no again: an older generation, a failed command. */
  | { readonly kind: "refused"; readonly code: string; readonly why: string }
  | { readonly kind: "retry"; readonly afterMs: DurationMs; readonly why: string }
  /** A person must act. */
  | { readonly kind: "stalled"; readonly why: string }
  /** The request left, the answer did not come. */
  | { readonly kind: "unknown"; readonly why: string };

/** A once effect as the store has it. */
export interface EffectRecord {
  readonly effect: Effect & { readonly body: OnceEffect };
  readonly state: "pending" | "started" | "done";
  /** Set when done. */
  readonly outcome: EffectOutcome | null;
}

/** An attempt of this step was ordered, and what came of it is open or says that it ran. */
export const ranIt = (step: string, effects: readonly EffectRecord[]): boolean =>
  effects.some(
    ({ effect: { body }, outcome }) =>
      body.kind === "task" && body.step === step && outcome?.kind !== "retry",
  );
