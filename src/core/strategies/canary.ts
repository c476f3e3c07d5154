// Canary: a rising share of live traffic, each share watched before the next. The stable slot keeps
// its full capacity until the end, so going back is a shift and nothing else.

import type { CanaryStrategy } from "../playbook.ts";
import type { Step } from "../step.ts";
import { allStops, stopBefore } from "./stops.ts";
import {
  allAtOnce,
  bakeStep,
  candidateProbes,
  percentText,
  prepareStep,
  retireStep,
  shiftStep,
} from "./strategy-steps.ts";
import type { StrategyInput, StrategySteps } from "./strategy-steps.ts";

export const canary = (strategy: CanaryStrategy, input: StrategyInput): StrategySteps => {
  if (input.first) {
    return { steps: [...allStops(strategy), ...allAtOnce(strategy, input)], tail: [] };
  }
  const steps = strategy.weights.flatMap((share, index): readonly Step[] => [
    ...stopBefore(strategy, share),
    prepareStep(strategy, input, share),
    ...(index === 0 ? candidateProbes(strategy) : []),
    shiftStep(strategy, share),
    ...(share === 1000
      ? bakeStep("stability", "watch at full traffic", strategy.stability, false)
      : bakeStep(
          `bake-${percentText(share)}`,
          `watch at ${percentText(share)} %`,
          strategy.bake,
          false,
        )),
  ]);
  return { steps, tail: [retireStep("stable", strategy.keepWarmMs, "old")] };
};
