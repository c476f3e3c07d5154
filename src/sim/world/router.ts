// The simulated router: two weights behind the generation fence. It can be lost for a while; it
// comes back with its last configuration.

import type { EffectKey, EffectOutcome, Weights } from "../../core/effect.ts";
import { laneName, type LaneKey, type SlotName } from "../../core/lane.ts";
import type { RouterState } from "../../core/snapshot.ts";
import { Outage } from "../outage.ts";

export interface SimRouter {
  /** Throws while it is lost. */
  observe(lane: LaneKey): RouterState;
  route(key: EffectKey, weights: Weights): EffectOutcome;
  /** Somebody changes the weights behind everybody's back. */
  meddle(lane: LaneKey, weights: Weights): void;
  lose(): void;
  find(): void;
  lost(): boolean;
  /** What it does, or would do if it were not lost: the oracle's look. */
  peek(lane: LaneKey): RouterState;
  weights(lane: LaneKey): Weights;
}

interface Options {
  readonly ready: (lane: LaneKey, slot: SlotName) => number;
  readonly changed: (lane: LaneKey) => void;
  /** False: the planted bug `fence-removed`. */
  readonly fenced: boolean;
}

interface Entry {
  readonly lane: LaneKey;
  readonly generation: number;
  readonly weights: Weights;
}

const LOST = new Outage("the router does not answer: connection refused");
const NOTHING: Weights = { blue: 0, green: 0 };

export const simRouter = (options: Options): SimRouter => {
  const entries = new Map<string, Entry>();
  let lost = false;
  const weights = (lane: LaneKey): Weights => entries.get(laneName(lane))?.weights ?? NOTHING;
  const generation = (lane: LaneKey): number => entries.get(laneName(lane))?.generation ?? 0;
  const peek = (lane: LaneKey): RouterState => ({
    generation: generation(lane),
    weights: weights(lane),
    endpoints: { blue: options.ready(lane, "blue"), green: options.ready(lane, "green") },
  });
  const tell = (): void => {
    for (const { lane } of entries.values()) options.changed(lane);
  };
  return {
    observe: (lane) => {
      if (lost) throw LOST;
      return peek(lane);
    },
    peek,
    route: (key, next) => {
      if (lost) return { kind: "retry", afterMs: 1000, why: "the router does not answer" };
      const taken = generation(key);
      if (options.fenced && key.generation < taken) {
        const why = `generation ${key.generation} is older than ${taken}`;
        return { kind: "refused", code: "stale-generation", why };
      }
      const lane = { service: key.service, environment: key.environment };
      entries.set(laneName(key), {
        lane,
        generation: Math.max(taken, key.generation),
        weights: next,
      });
      options.changed(lane);
      return { kind: "applied", detail: null };
    },
    meddle: (lane, next) => {
      entries.set(laneName(lane), { lane, generation: generation(lane), weights: next });
      options.changed(lane);
    },
    lose: () => {
      lost = true;
      tell();
    },
    find: () => {
      lost = false;
      tell();
    },
    lost: () => lost,
    weights,
  };
};
