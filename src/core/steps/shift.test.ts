// Weights: given where there is capacity, and kept as long as the run has the lane.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, planOf, playbook } from "../decide.testing.ts";
import type { DeployItem } from "../playbook.ts";

const PROBED: DeployItem = {
  kind: "strategy",
  strategy: {
    kind: "blueGreen",
    readyWithinMs: 60_000,
    shiftWithinMs: 10_000,
    keepWarmMs: 60_000,
    verify: {
      paths: ["/"],
      through: "instances",
      timeoutMs: 1_000,
      initialWaitMs: 20_000,
      attempts: 1,
      intervalMs: 1_000,
    },
    stability: {
      forMs: 0,
      gates: [],
      patienceMs: 0,
      onPatienceEnd: "back",
      holdForMs: 0,
      onHoldEnd: "back",
    },
  },
};

/** Of the candidate's four instances so many are ready. */
const leave = (it: Rehearsal, ready: number): void => {
  const { green } = it.target.slots;
  const instances = green.instances.map((one, index) => ({
    ...one,
    phase: index < ready ? ("ready" as const) : ("backoff" as const),
  }));
  it.target = { ...it.target, slots: { ...it.target.slots, green: { ...green, instances } } };
};

test("instances that were lost while they were probed keep all traffic away", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([PROBED])));
  it.runFor(10_000);
  leave(it, 1);
  it.runFor(15_000);
  assert.equal(it.router.weights.green, 0);
  leave(it, 4);
  it.runFor(1_000);
  assert.equal(it.router.weights.green, 1000);
});

test("weights that are lost while the old slot is kept warm are set again", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  it.router = { ...it.router, weights: { blue: 0, green: 0 } };
  it.runFor(60_000);
  assert.equal(it.router.weights.green, 1000);
});
