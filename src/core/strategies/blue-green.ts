// Blue-green: the other slot at full capacity, then all traffic in one shift; the old slot stays
// warm for a way back in one shift.

import type { BlueGreenStrategy } from "../playbook.ts";
import { allAtOnce, retireStep } from "./strategy-steps.ts";
import type { StrategyInput, StrategySteps } from "./strategy-steps.ts";

export const blueGreen = (strategy: BlueGreenStrategy, input: StrategyInput): StrategySteps => ({
  steps: allAtOnce(strategy, input),
  tail: input.first ? [] : [retireStep("stable", strategy.keepWarmMs, "old")],
});
