// A rollback as a run of its own, and what it does to others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, Rehearsal, planOf, playbook, release } from "./decide.testing.ts";
import type { NotifyTarget } from "./playbook.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Actor, ReleaseId, RunId } from "./ids.ts";

const WEBHOOK: NotifyTarget = { kind: "webhook", url: "http://127.0.0.1:1" };

/** From 1.1, which is stable, to 1.0. */
const rollback = (): Rehearsal => {
  const it = new Rehearsal(
    rollbackPlan({
      current: planOf("1.1", "1.0", playbook([CANARY])),
      to: { release: release("1.0"), runtime: RUNTIME },
      from: { release: release("1.1"), runtime: RUNTIME },
      keepFailedMs: 60_000,
    }),
  );
  const origin = { kind: "rollback", by: "bob" as Actor, reason: null, emergency: null } as const;
  it.run = { ...it.run, origin };
  return it;
};

const urgent = (to: string): Snapshot["waiting"] => [
  { run: "r-2" as RunId, seq: 2, release: to as ReleaseId, urgent: true, emergencyUntil: null },
];

test("the same rollback asked for twice does not turn the first one round", () => {
  const it = rollback();
  it.ready = false;
  it.runFor(1_000);
  it.waiting = urgent("hello@1.0");
  it.runFor(1_000);
  assert.equal(it.run.state.kind, "forward");
  it.waiting = urgent("hello@0.9");
  it.runFor(1_000);
  assert.equal(it.run.breach?.trigger, "superseded by hello@0.9");
});

test("a rollback that finds its release stable has nothing to do", () => {
  const it = rollback();
  it.lane = {
    ...it.lane,
    stable: { slot: "green", release: "hello@1.0" as ReleaseId, instances: 4 },
  };
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "succeeded");
  assert.deepEqual(it.decisions.at(-1)?.effects, []);
  assert.equal(it.lane.activeRun, null);
});

test("any other run whose release became stable while it waited takes no step", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  const stable = { slot: "green", release: "hello@1.1" as ReleaseId, instances: 4 } as const;
  it.lane = { ...it.lane, stable };
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "superseded");
  assert.deepEqual(it.decisions.at(-1)?.effects, []);
});

test("a rollback finds the slot warm although another run waits before it", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  const ordinary = urgent("hello@1.2").map((one) => ({ ...one, urgent: false }));
  it.waiting = [...ordinary, ...urgent("hello@1.0").map((one) => ({ ...one, seq: 3 }))];
  it.pass();
  assert.equal(it.run.state.kind, "ended");
  assert.equal(it.target.slots.blue.wanted.length, 1);
});

test("a rollback gets the lane while a webhook has not answered yet", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { notify: [WEBHOOK] })));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  it.effects = it.effects.map((one) => ({ ...one, state: "started", outcome: null }));
  it.waiting = [{ ...urgent("hello@1.0")[0]!, urgent: false }];
  it.runFor(10_000);
  assert.notEqual(it.run.state.kind, "ended");
  it.waiting = urgent("hello@1.0");
  it.pass();
  assert.equal(it.run.state.kind, "ended");
});
