// Rolling and recreate: instances are replaced within the slot that serves. Recreate is rolling
// that may have everything unavailable: all old ones go before the first new one comes.

import { versionOf } from "../ids.ts";
import type { Amount, RecreateStrategy, RollingStrategy } from "../playbook.ts";
import type { Step } from "../step.ts";
import { allAtOnce, bakeStep, candidateProbes } from "./strategy-steps.ts";
import type { StrategyInput, StrategySteps } from "./strategy-steps.ts";

/** Shares round as Kubernetes rounds them: surge up, unavailable down. */
const amountOf = (amount: Amount, full: number, round: "up" | "down"): number => {
  if (amount.kind === "count") return amount.count;
  const exact = (full * amount.percent) / 100;
  return round === "up" ? Math.ceil(exact) : Math.floor(exact);
};

export const rolling = (strategy: RollingStrategy, input: StrategyInput): StrategySteps => {
  if (input.first) return { steps: allAtOnce(strategy, input), tail: [] };
  const maxUnavailable = Math.min(
    input.instances,
    amountOf(strategy.maxUnavailable, input.instances, "down"),
  );
  const surge = amountOf(strategy.maxSurge, input.instances, "up");
  // Neither room above nor below would never move; one above costs least.
  const maxSurge = surge === 0 && maxUnavailable === 0 ? 1 : surge;
  return replacing(strategy, input, maxSurge, maxUnavailable);
};

/** Nothing serves for a while. */
export const replacesAll = (
  { maxSurge, maxUnavailable }: Pick<RollingStrategy, "maxSurge" | "maxUnavailable">,
  instances: number,
): boolean =>
  amountOf(maxSurge, instances, "up") === 0 &&
  amountOf(maxUnavailable, instances, "down") >= instances;

export const recreate = (strategy: RecreateStrategy, input: StrategyInput): StrategySteps =>
  input.first
    ? { steps: allAtOnce(strategy, input), tail: [] }
    : replacing(strategy, input, 0, input.instances);

const replacing = (
  strategy: RollingStrategy | RecreateStrategy,
  input: StrategyInput,
  maxSurge: number,
  maxUnavailable: number,
): StrategySteps => {
  const replace: Step = {
    kind: "replace",
    id: "replace",
    title:
      `replace ${input.instances} instances by ${versionOf(input.release)}, ` +
      `at most ${maxSurge} more and ${maxUnavailable} fewer at a time`,
    release: input.release,
    instances: input.instances,
    maxSurge,
    maxUnavailable,
    withinMs: strategy.readyWithinMs,
  };
  return {
    steps: [
      replace,
      ...candidateProbes(strategy),
      ...bakeStep("stability", "watch at full traffic", strategy.stability, false),
    ],
    tail: [],
  };
};
