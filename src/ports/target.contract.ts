// What every target does, whatever it runs on: the tests that real ones and the simulated one pass
// alike. A bench brings the target, releases that become ready there, and its own way of waiting.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cohort, EffectKey, EffectOutcome, SlotSpec } from "../core/effect.ts";
import type { RunId } from "../core/ids.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import type { SlotState, TargetState } from "../core/snapshot.ts";
import type { Target } from "./target.ts";

export interface TargetBench {
  readonly target: Target;
  /** A lane that nothing was ever ordered in. */
  newLane(): LaneKey;
  /** Instances of a release that becomes ready by itself; each version is another release. */
  cohort(version: string, instances: number): Cohort;
  /** Lets time pass until the answer is yes; rejects, naming `what`, when it stays no too long. */
  until(what: string, question: () => Promise<boolean>): Promise<void>;
}

/** Adds the tests of the contract; `bench` is called once a test. */
export const targetContract = (name: string, bench: () => TargetBench): void => {
  const contract = (behaviour: string, body: (on: OnLane) => Promise<void>): void => {
    test(`${name}: ${behaviour}`, () => body(new OnLane(bench())));
  };

  contract("a lane that it does not know has generation 0 and nothing in its slots", async (on) => {
    const nothing = { wanted: [], instances: [] };
    assert.deepEqual(await on.look(), { generation: 0, slots: { blue: nothing, green: nothing } });
  });

  contract("an order is taken at once and its instances become ready by themselves", async (on) => {
    await on.applied(1, "blue", on.cohort("1.0.0", 2));
    const state = await on.look();
    assert.equal(state.generation, 1);
    assert.deepEqual(state.slots.blue.wanted, [{ release: on.release("1.0.0"), instances: 2 }]);
    await on.ready("blue", { "1.0.0": 2 });
    const [first, second] = (await on.look()).slots.blue.instances;
    assert.notEqual(first?.id, second?.id);
    assert.equal(first?.restarts, 0);
  });

  contract("the same order again changes nothing", async (on) => {
    await on.applied(1, "blue", on.cohort("1.0.0", 2));
    await on.ready("blue", { "1.0.0": 2 });
    const before = await on.look();
    await on.applied(1, "blue", on.cohort("1.0.0", 2));
    assert.deepEqual(await on.look(), before);
  });

  contract("scaling up keeps what runs and scaling down keeps some of it", async (on) => {
    await on.applied(1, "blue", on.cohort("1.0.0", 1));
    await on.ready("blue", { "1.0.0": 1 });
    const first = await on.ids("blue");
    await on.applied(2, "blue", on.cohort("1.0.0", 3));
    await on.ready("blue", { "1.0.0": 3 });
    const three = await on.ids("blue");
    assert.ok(first.isSubsetOf(three));
    await on.applied(3, "blue", on.cohort("1.0.0", 1));
    await on.ready("blue", { "1.0.0": 1 });
    assert.ok((await on.ids("blue")).isSubsetOf(three));
  });

  contract("two cohorts live side by side, and the one no longer named goes", async (on) => {
    await on.applied(1, "blue", on.cohort("1.0.0", 2));
    await on.ready("blue", { "1.0.0": 2 });
    await on.applied(2, "blue", on.cohort("1.0.0", 1), on.cohort("2.0.0", 1));
    await on.ready("blue", { "1.0.0": 1, "2.0.0": 1 });
    await on.applied(3, "blue", on.cohort("2.0.0", 2));
    await on.ready("blue", { "2.0.0": 2 });
  });

  contract("no cohorts means gone", async (on) => {
    await on.applied(1, "green", on.cohort("1.0.0", 2));
    await on.ready("green", { "1.0.0": 2 });
    await on.applied(2, "green");
    await on.ready("green", {});
    assert.deepEqual((await on.look()).slots.green, { wanted: [], instances: [] });
  });

  contract("the slots of a lane do not touch each other", async (on) => {
    await on.applied(1, "blue", on.cohort("1.0.0", 1));
    await on.applied(1, "green", on.cohort("2.0.0", 1));
    await on.ready("blue", { "1.0.0": 1 });
    await on.ready("green", { "2.0.0": 1 });
    const blue = await on.ids("blue");
    await on.applied(2, "green");
    await on.ready("green", {});
    assert.deepEqual(await on.ids("blue"), blue);
  });

  contract(
    "an order older than any taken in the lane is refused and changes nothing",
    async (on) => {
      await on.applied(5, "blue", on.cohort("1.0.0", 1));
      await on.ready("blue", { "1.0.0": 1 });
      const before = await on.look();
      for (const slot of ["blue", "green"] as const) {
        const outcome = await on.apply(4, slot, on.cohort("2.0.0", 1));
        assert.equal(outcome.kind, "refused");
        assert.equal(outcome.kind === "refused" && outcome.code, "stale-generation");
      }
      assert.deepEqual(await on.look(), before);
    },
  );

  contract("the fence of one lane is not that of another", async (on) => {
    await on.applied(5, "blue", on.cohort("1.0.0", 1));
    await new OnLane(on.bench).applied(1, "blue", on.cohort("1.0.0", 1));
  });
};

/** A bench and one lane on it. */
class OnLane {
  readonly bench: TargetBench;
  readonly #lane: LaneKey;

  constructor(bench: TargetBench) {
    this.bench = bench;
    this.#lane = bench.newLane();
  }

  cohort(version: string, instances: number): Cohort {
    return this.bench.cohort(version, instances);
  }

  release(version: string): string {
    return this.cohort(version, 1).release.id;
  }

  look(): Promise<TargetState> {
    return this.bench.target.observe(this.#lane, AbortSignal.timeout(5_000));
  }

  apply(generation: number, slot: SlotName, ...cohorts: readonly Cohort[]): Promise<EffectOutcome> {
    const key: EffectKey = { ...this.#lane, run: "contract" as RunId, generation, ordinal: 0 };
    const spec: SlotSpec = { slot, cohorts };
    return this.bench.target.apply(key, spec, AbortSignal.timeout(5_000));
  }

  async applied(generation: number, slot: SlotName, ...cohorts: readonly Cohort[]): Promise<void> {
    assert.equal((await this.apply(generation, slot, ...cohorts)).kind, "applied");
  }

  async ids(slot: SlotName): Promise<ReadonlySet<string>> {
    return new Set((await this.look()).slots[slot].instances.map(({ id }) => id));
  }

  /** Waits until the slot holds exactly this, all of it ready. */
  ready(slot: SlotName, counts: Readonly<Record<string, number>>): Promise<void> {
    const expected = Object.entries(counts).flatMap(([version, count]) =>
      Array<string>(count).fill(`${this.release(version)} ready`),
    );
    const found = ({ instances }: SlotState): readonly string[] =>
      instances.map(({ release, phase }) => `${release} ${phase}`).toSorted();
    const what = `${slot} to be ${JSON.stringify(counts)}`;
    return this.bench.until(what, async () => {
      return found((await this.look()).slots[slot]).join() === expected.toSorted().join();
    });
  }
}
