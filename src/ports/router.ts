// What splits a service's traffic between its slots.

import type { EffectKey, EffectOutcome, Weights } from "../core/effect.ts";
import type { LaneKey } from "../core/lane.ts";
import type { RouteSpec } from "../core/runtime.ts";
import type { RouterState } from "../core/snapshot.ts";

export interface Router {
  /** Reads back what the router really does. Throws where it could not look. A lane that it does
   * not know has generation 0, weights 0/0 and no endpoints. */
  observe(lane: LaneKey, signal: AbortSignal): Promise<RouterState>;
  /** Sets the weights; `stale-generation` as for targets. Done when observe() says so. */
  route(
    key: EffectKey,
    weights: Weights,
    route: RouteSpec,
    signal: AbortSignal,
  ): Promise<EffectOutcome>;
}
