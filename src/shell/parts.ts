// What the shell works with: the ports, and its own limits. Wired once in main.ts, or by the
// simulator.

import type { Checklist } from "../core/admission/rule.ts";
import type { Broken } from "../core/checks.ts";
import type { RunEvent } from "../core/decision.ts";
import type { EffectKey, EffectOutcome, MemberEffect } from "../core/effect.ts";
import type { DurationMs } from "../core/ids.ts";
import type { Lane } from "../core/lane.ts";
import type { Release } from "../core/plan.ts";
import type { Run } from "../core/run.ts";
import type { FreshPlan } from "../core/snapshot.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { Router } from "../ports/router.ts";
import type { EffectStore, RunStore } from "../ports/store.ts";
import type { Target } from "../ports/target.ts";
import type { Tasks } from "../ports/tasks.ts";
import type { World } from "../ports/world.ts";

export interface ShellParts {
  readonly world: World;
  readonly runs: RunStore;
  readonly effects: EffectStore;
  readonly target: Target;
  readonly router: Router;
  readonly metrics: Metrics;
  readonly tasks: Tasks;
  readonly notifier: Notifier;
  /** Begins a run of the release in the environment, unless this key has begun it before. */
  readonly promote: (
    key: EffectKey,
    environment: string,
    release: Release,
  ) => Promise<EffectOutcome>;
  /** Begins the run of a train's member, or takes it back, unless that has been begun before. */
  readonly orderMember: (key: EffectKey, member: MemberEffect) => Promise<EffectOutcome>;
  /** Opens a checklist that people do after the run, unless this run has opened it before. */
  readonly openFollowUp: (
    key: EffectKey,
    release: Release,
    checklist: Checklist,
  ) => Promise<EffectOutcome>;
  /** The plan of a queued run as it would be made from the lane's present stable release; null
   * where it has nothing to do any more. Throws a Refusal where none can be made. */
  readonly replan: (run: Run, lane: Lane) => Promise<FreshPlan | null>;
  /** What other code of this process wants to know of committed passes. */
  readonly onPass: (report: PassReport) => void;
  /** This process, among the replicas. */
  readonly replica: string;
  readonly limits: ShellLimits;
}

export interface PassReport {
  readonly run: Run;
  readonly tookMs: DurationMs;
  /** What happened in it; most passes have none. */
  readonly events: readonly RunEvent[];
  /** Invariants that did not hold after the decision; empty is health. */
  readonly broken: readonly Broken[];
}

export interface ShellLimits {
  /** Deadline of every single look at target, router or metrics. */
  readonly observeMs: DurationMs;
  /** Deadline of every order to target or router. */
  readonly actMs: DurationMs;
  /** Deadline of one notification. */
  readonly notifyMs: DurationMs;
  /** Rounds of one pass: acting makes the next look worthwhile at once. */
  readonly rounds: number;
  /** How often a once effect that is under way says so, and how long silence means it is lost. */
  readonly beatMs: DurationMs;
  readonly lostAfterMs: DurationMs;
}

export const DEFAULT_LIMITS: ShellLimits = {
  observeMs: 2_000,
  actMs: 5_000,
  notifyMs: 10_000,
  rounds: 8,
  beatMs: 2_000,
  lostAfterMs: 15_000,
};
