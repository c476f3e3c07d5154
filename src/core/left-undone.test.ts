// What a way back leaves as it is, told to whoever looks: while more can still be taken back, when
// it cannot any more, and of a rollback that is a run of its own.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, condition, planOf, playbook, release } from "./decide.testing.ts";
import { leftBehind } from "./left-undone.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import type { RollbackTier } from "./step.ts";
import { Scripted, undoable } from "./undo.testing.ts";

const STEPS = [
  undoable("cluster", "full"),
  undoable("migrate", "gradual", { migration: "expand" }),
  undoable("flag", "immediate"),
];

const bringing = (): Scripted => {
  const when = [condition("errorRate > 5% for 10s")];
  const rollback = { when, keepFailedMs: 60_000, withinMs: 300_000, tier: "immediate" } as const;
  return new Scripted(planOf("1.1", "1.0", playbook([...STEPS, CANARY], { rollback })));
};

const told = (it: Scripted): readonly string[] =>
  leftBehind(it.run, it.snapshot()).map(({ text }) => text);

test("nothing is left as long as the run goes forward", () => {
  const it = bringing();
  assert.deepEqual(told(it), []);
  it.runFor(10_000);
  assert.equal(it.run.state.kind, "forward");
  assert.deepEqual(told(it), []);
});

test("while the failed slot is kept, the command is told that takes back the rest", () => {
  const it = bringing();
  it.runFor(10_000);
  it.rollBack("immediate");
  it.runFor(10_000);
  assert.deepEqual(told(it), [
    "deploy-cluster, deploy-migrate stay as they are: sluice rollback hello production --to 1.0 " +
      "--tier full takes them back too",
  ]);
  it.rollBack("gradual");
  it.runFor(10_000);
  assert.deepEqual(told(it), [
    "deploy-cluster stays as it is: sluice rollback hello production --to 1.0 " +
      "--tier full takes it back too",
  ]);
});

test("after the end it is told that only a person takes it back", () => {
  const it = bringing();
  it.runFor(10_000);
  it.rollBack("gradual");
  it.runFor(120_000);
  assert.equal(it.run.state.kind, "ended");
  assert.deepEqual(told(it), [
    "deploy-cluster stays as it is: nobody but a person takes it back any more",
  ]);
});

test("a rollback from what had succeeded tells what its tier leaves, by release", () => {
  const good = bringing().run;
  const planned = (tier: RollbackTier): Scripted =>
    new Scripted(
      rollbackPlan({
        current: good.plan,
        to: { release: release("1.0"), runtime: RUNTIME },
        from: { release: release("1.1"), runtime: RUNTIME },
        keepFailedMs: 60_000,
        tier,
        between: [good],
      }),
    );
  assert.deepEqual(told(planned("full")), []);
  const text =
    "deploy-cluster of 1.1, deploy-migrate of 1.1 stay as they are: " +
    "nobody but a person takes them back any more";
  const it = planned("immediate");
  assert.deepEqual(told(it), [text]);
  it.runFor(10_000);
  const settled = it.decisions
    .flatMap(({ events }) => events)
    .find(({ type }) => type === "run.settled");
  assert.deepEqual(settled?.reasons.map((one) => one.text).slice(1), [text]);
});
