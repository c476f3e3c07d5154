// How long a failed slot is kept for whoever wants to look at it, and what ends that early.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, planOf, playbook, release } from "../decide.testing.ts";
import type { RunId } from "../ids.ts";

/** The candidate failed; the run is back on the stable release and keeps the failed slot. */
const failed = (): Rehearsal => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(5_000);
  it.values = { errorRate: 50 };
  it.runFor(40_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
  assert.equal(it.target.slots.green.instances.length, 1);
  return it;
};

const waiting = (urgent: boolean, version = "1.2") => [
  { run: "r-2" as RunId, seq: 2, release: release(version).id, urgent, emergencyUntil: null },
];

const said = (it: Rehearsal): readonly string[] =>
  it.decisions.flatMap(({ events }) =>
    events.flatMap(({ reasons }) => reasons.map(({ text }) => text)),
  );

test("a failed slot is kept for its time where nobody waits, and then goes", () => {
  const it = failed();
  it.runFor(10_000);
  assert.equal(it.target.slots.green.instances.length, 1);
  it.runFor(60_000);
  assert.equal(it.target.slots.green.instances.length, 0);
  assert.ok(said(it).includes("taking green down"));
});

test("a newer release ends that time, and the event says for whom", () => {
  const it = failed();
  it.waiting = waiting(false);
  it.runFor(1_000);
  assert.equal(it.target.slots.green.instances.length, 0);
  const why = `taking green down early: ${release("1.2").id} waits for the slot`;
  assert.ok(said(it).includes(why), said(it).join("\n"));
});

test("a rollback to what is in the slot finds it as it is", () => {
  const it = failed();
  it.waiting = waiting(true, "1.1");
  it.runFor(1_000);
  assert.equal(it.target.slots.green.instances.length, 1);
  assert.equal(it.run.state.kind, "ended");
});

test("before a rollback to anything else it goes, since that may not begin", () => {
  const it = failed();
  it.waiting = waiting(true);
  it.runFor(1_000);
  assert.deepEqual(it.target.slots.green.wanted, []);
  assert.equal(it.run.state.kind, "ended");
});

test("a rollback does not wait for a target that takes no orders", () => {
  const it = failed();
  it.waiting = waiting(true);
  const target = it.target;
  Object.defineProperty(it, "target", { get: () => target, set: () => {} });
  it.runFor(3_000);
  assert.equal(target.slots.green.wanted.length, 1);
  assert.equal(it.run.state.kind, "ended");
});
