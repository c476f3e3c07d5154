// The simulated router keeps the contract of every router.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { EffectKey } from "../../core/effect.ts";
import type { EnvironmentName, RunId } from "../../core/ids.ts";
import { laneName, type LaneKey, type SlotName } from "../../core/lane.ts";
import { routerContract } from "../../ports/router.contract.ts";
import { SERVICE } from "../roster.ts";
import { simRouter, type SimRouter } from "./router.ts";

const make = (): {
  readonly router: SimRouter;
  readonly place: (lane: LaneKey, slot: SlotName, instances: number) => void;
} => {
  const ready = new Map<string, number>();
  const name = (lane: LaneKey, slot: SlotName): string => `${laneName(lane)} ${slot}`;
  return {
    router: simRouter({
      ready: (lane, slot) => ready.get(name(lane, slot)) ?? 0,
      changed: () => undefined,
      fenced: true,
    }),
    place: (lane, slot, instances) => void ready.set(name(lane, slot), instances),
  };
};

let lanes = 0;
const newLane = (): LaneKey => {
  lanes += 1;
  return { service: SERVICE, environment: `e${lanes}` as EnvironmentName };
};

routerContract("simulated router", () => {
  const { router, place } = make();
  return {
    router: {
      observe: async (lane) => router.observe(lane),
      route: async (key, weights) => router.route(key, weights),
    },
    newLane,
    newRoute: async () => ({
      listen: "127.0.0.1:8080",
      sticky: null,
      timeouts: { connectMs: 1_000, responseMs: 10_000, idleMs: 10_000 },
    }),
    place: async (lane, slot, instances) => place(lane, slot, instances),
  };
});

test("a lost router cannot be looked at, and comes back with its last weights", () => {
  const { router } = make();
  const lane = newLane();
  const key: EffectKey = { ...lane, run: "r" as RunId, generation: 1, ordinal: 0 };
  router.route(key, { blue: 900, green: 100 });
  router.lose();
  assert.throws(() => router.observe(lane), /does not answer/);
  assert.equal(router.route(key, { blue: 0, green: 1000 }).kind, "retry");
  router.find();
  assert.deepEqual(router.observe(lane).weights, { blue: 900, green: 100 });
});
