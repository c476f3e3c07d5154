// The steps that strategies share: bring a slot up, look at it, shift, bake, retire.

import type { Permille, ReleaseId } from "../ids.ts";
import { versionOf } from "../ids.ts";
import type { BakePolicy, Strategy, VerifyPolicy } from "../playbook.ts";
import type { Role } from "../task-spec.ts";
import type { Step } from "../step.ts";
import type { Condition } from "../threshold.ts";

export interface StrategyInput {
  readonly release: ReleaseId;
  /** Instances at full capacity, at least 1. */
  readonly instances: number;
  /** True: nothing lives in the lane yet, so there is nothing to split with or compare to. */
  readonly first: boolean;
}

export interface StrategySteps {
  readonly steps: readonly Step[];
  /** After the release counts as known good. */
  readonly tail: readonly Step[];
}

/** `25`, `2.5`: a share in percent without a superfluous zero. */
export const percentText = (share: Permille): string => String(share / 10);

/** Instances a slot needs for its share, never fewer than one. */
const instancesFor = (share: Permille, full: number): number =>
  Math.max(1, Math.ceil((full * share) / 1000));

export const prepareStep = (
  strategy: Strategy,
  input: StrategyInput,
  share: Permille,
): Step => {
  const instances = instancesFor(share, input.instances);
  return {
    kind: "prepare",
    id: `prepare-${percentText(share)}`,
    title: `bring up ${instances} of ${input.instances} instances of ${versionOf(input.release)}`,
    role: "candidate",
    release: input.release,
    instances,
    withinMs: strategy.readyWithinMs,
  };
};

export const shiftStep = (strategy: Strategy, share: Permille): Step => ({
  kind: "shift",
  id: `shift-${percentText(share)}`,
  title: `shift ${percentText(share)} % of traffic to the candidate`,
  candidate: share,
  withinMs: strategy.shiftWithinMs,
});

/** Conditions that a first installation can be judged by: without a stable one, no baseline. */
export const judgeable = (conditions: readonly Condition[], first: boolean): readonly Condition[] =>
  first
    ? conditions.filter((c) => c.kind !== "metric" || c.bound.kind === "absolute")
    : conditions;

export const bakeStep = (id: string, title: string, bake: BakePolicy, first: boolean): Step[] => {
  if (bake.forMs === 0 && bake.gates.length === 0) return [];
  const gates = judgeable(bake.gates, first);
  // Nothing good to go back to: whatever is written, it ends with a person.
  const ends = first ? ({ onPatienceEnd: "hold", onHoldEnd: "hold" } as const) : {};
  return [{ kind: "bake", id, title, ...bake, gates, ...ends }];
};

export const verifyStep = (id: string, role: Role, verify: VerifyPolicy): Step => ({
  kind: "verify",
  id,
  title: `probe ${verify.paths.join(", ")} ${
    verify.through === "router" ? "through the router" : "on every instance"
  }`,
  probe: {
    kind: "probe",
    role,
    through: verify.through,
    paths: verify.paths,
    timeoutMs: verify.timeoutMs,
  },
  initialWaitMs: verify.initialWaitMs,
  attempts: verify.attempts,
  intervalMs: verify.intervalMs,
});

export const candidateProbes = (strategy: Strategy): Step[] =>
  strategy.verify === null ? [] : [verifyStep("verify", "candidate", strategy.verify)];

export const retireStep = (role: Role, afterMs: number, why: string): Step => ({
  kind: "retire",
  id: "retire",
  title: `take the ${why} slot down`,
  role,
  afterMs,
});

/** Full capacity, probes, all traffic at once: blue-green, and any first installation. */
export const allAtOnce = (strategy: Strategy, input: StrategyInput): readonly Step[] => [
  prepareStep(strategy, input, 1000),
  ...candidateProbes(strategy),
  shiftStep(strategy, 1000),
  ...bakeStep("stability", "watch at full traffic", strategy.stability, input.first),
];
