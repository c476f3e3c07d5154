// What every router does, whatever carries its traffic: the tests that real ones and the simulated
// one pass alike. A bench brings the router, lanes nobody used before, and instances.

import assert from "node:assert/strict";
import { test } from "node:test";

import type { EffectOutcome, Weights } from "../core/effect.ts";
import type { RunId } from "../core/ids.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import type { RouteSpec } from "../core/runtime.ts";
import type { RouterState } from "../core/snapshot.ts";
import type { Router } from "./router.ts";

export interface RouterBench {
  readonly router: Router;
  /** A lane that the router was never told of. */
  newLane(): LaneKey;
  /** A route on a listener that is free. */
  newRoute(): Promise<RouteSpec>;
  /** Gives the slot as many instances as that, all ready for requests. */
  place(lane: LaneKey, slot: SlotName, instances: number): Promise<void>;
}

const NOTHING: RouterState = {
  generation: 0,
  weights: { blue: 0, green: 0 },
  endpoints: { blue: 0, green: 0 },
};

/** Adds the tests of the contract; `bench` is called once a test. */
export const routerContract = (name: string, bench: () => RouterBench): void => {
  const contract = (behaviour: string, body: (on: OnLane) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, async () => body(await OnLane.open(bench())));
  };

  contract(
    "a lane that it does not know has generation 0, no weight and no endpoint",
    async (on) => {
      assert.deepEqual(await on.look(), NOTHING);
    },
  );

  contract("weights are read back with their generation", async (on) => {
    assert.deepEqual(await on.route(3, 950), { kind: "applied", detail: null });
    const state = await on.look();
    assert.deepEqual(state, { ...NOTHING, generation: 3, weights: { blue: 950, green: 50 } });
  });

  contract("a newer order replaces an older one", async (on) => {
    await on.route(1, 1000);
    assert.equal((await on.route(2, 0)).kind, "applied");
    assert.deepEqual((await on.look()).weights, { blue: 0, green: 1000 });
  });

  contract("both weights may be 0", async (on) => {
    assert.equal((await on.weigh(1, { blue: 0, green: 0 })).kind, "applied");
    assert.deepEqual(await on.look(), { ...NOTHING, generation: 1 });
  });

  contract("the same order again is applied and changes nothing", async (on) => {
    await on.route(4, 750);
    const before = await on.look();
    assert.equal((await on.route(4, 750)).kind, "applied");
    assert.deepEqual(await on.look(), before);
  });

  contract("an order older than any taken is refused and changes nothing", async (on) => {
    await on.route(5, 750);
    const before = await on.look();
    const late = await on.route(4, 0);
    assert.equal(late.kind === "refused" && late.code, "stale-generation");
    assert.deepEqual(await on.look(), before);
  });

  contract("the fence of one lane is not that of another", async (on) => {
    await on.route(5, 1000);
    const other = await OnLane.open(on.bench);
    assert.equal((await other.route(1, 1000)).kind, "applied");
  });

  contract(
    "instances that take requests are counted by slot, before and after weights",
    async (on) => {
      await on.bench.place(on.lane, "blue", 2);
      assert.deepEqual(await on.look(), { ...NOTHING, endpoints: { blue: 2, green: 0 } });
      await on.route(1, 1000);
      await on.bench.place(on.lane, "green", 1);
      assert.deepEqual((await on.look()).endpoints, { blue: 2, green: 1 });
      await on.bench.place(on.lane, "blue", 0);
      assert.deepEqual((await on.look()).endpoints, { blue: 0, green: 1 });
    },
  );
};

/** A bench, one lane on it and its route. */
class OnLane {
  readonly bench: RouterBench;
  readonly lane: LaneKey;
  readonly #spec: RouteSpec;

  private constructor(bench: RouterBench, spec: RouteSpec) {
    this.bench = bench;
    this.lane = bench.newLane();
    this.#spec = spec;
  }

  static async open(bench: RouterBench): Promise<OnLane> {
    return new OnLane(bench, await bench.newRoute());
  }

  look(): Promise<RouterState> {
    return this.bench.router.observe(this.lane, AbortSignal.timeout(5_000));
  }

  route(generation: number, blue: number): Promise<EffectOutcome> {
    return this.weigh(generation, { blue, green: 1000 - blue });
  }

  weigh(generation: number, weights: Weights): Promise<EffectOutcome> {
    const key = { ...this.lane, run: "contract" as RunId, generation, ordinal: 0 };
    return this.bench.router.route(key, weights, this.#spec, AbortSignal.timeout(5_000));
  }
}
