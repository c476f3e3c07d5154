// What every strategy is: a pure function from its parameters to steps. Adding one is adding a file
// beside this one and its line in `STRATEGIES`.

import { blueGreen } from "./blue-green.ts";
import { canary } from "./canary.ts";
import { recreate, rolling } from "./rolling.ts";
import type { Strategy } from "../playbook.ts";
import type { StrategyInput, StrategySteps } from "./strategy-steps.ts";

const STRATEGIES: {
  readonly [K in Strategy["kind"]]: (
    strategy: Extract<Strategy, { kind: K }>,
    input: StrategyInput,
  ) => StrategySteps;
} = { canary, blueGreen, rolling, recreate };

export const strategySteps = (strategy: Strategy, input: StrategyInput): StrategySteps => {
  const compile = STRATEGIES[strategy.kind] as (s: Strategy, i: StrategyInput) => StrategySteps;
  return compile(strategy, input);
};
