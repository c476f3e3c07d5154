// The process target passes the contract of all targets, with real processes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { EffectKey } from "../../core/effect.ts";
import type { RunId } from "../../core/ids.ts";
import { targetContract } from "../../ports/target.contract.ts";
import { layoutOf } from "../../layout/layout.ts";
import { processTarget } from "./target.ts";
import { Bench, soon, until } from "./testing/bench.ts";

const bench = new Bench();
before(() => bench.open(null));
after(() => bench.close());

targetContract("process target", () => ({
  target: processTarget(bench.layout),
  newLane: () => bench.newLane(),
  cohort: (version, instances) => bench.cohort(version, instances),
  until,
}));

const keyOf = (generation: number): EffectKey => ({
  ...bench.newLane(),
  run: "run" as RunId,
  generation,
  ordinal: 0,
});

test("without a keeper an order is to be retried, and looking fails", async () => {
  const nowhere = processTarget(layoutOf(`${bench.layout.dataDir}/nowhere`));
  const outcome = await nowhere.apply(keyOf(1), { slot: "blue", cohorts: [] }, soon());
  assert.equal(outcome.kind, "retry");
  await assert.rejects(nowhere.observe(bench.newLane(), soon()));
});

test("an order that the keeper cannot take is refused with its place", async () => {
  const cohort = bench.cohort("1.0.0", 100_000);
  const spec = { slot: "blue", cohorts: [cohort] } as const;
  const outcome = await processTarget(bench.layout).apply(keyOf(1), spec, soon());
  assert.equal(outcome.kind, "refused");
  assert.match(outcome.kind === "refused" ? outcome.why : "", /spec\.cohorts/);
});

test("a lane's name cannot climb out of the keeper's folder", async () => {
  const lane = { ...keyOf(1), service: "../../x" as never };
  const outcome = await processTarget(bench.layout).apply(
    lane,
    { slot: "blue", cohorts: [] },
    soon(),
  );
  assert.equal(outcome.kind, "refused");
});
