// What the candidate's slot is not filled over: something else that may be answering requests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, planOf, playbook, release } from "../decide.testing.ts";
import { freshProgress } from "../draft.ts";
import type { StepContext } from "./step-result.ts";
import { lookAtPrepare } from "./prepare.ts";

const OVERDUE_MS = 61_000;

/** The candidate's slot holds something, and nobody can see the router. */
const blind = (waitedMs: number, version = "0.9", instances = 1): StepContext => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(0);
  const step = it.run.plan.steps.findIndex(({ kind }) => kind === "prepare");
  const progress = { ...freshProgress(step, it.now), since: it.now };
  const run = { ...it.run, state: { kind: "forward" as const, ...progress } };
  const wanted = [{ release: release(version).id, instances }];
  it.target = { ...it.target, slots: { ...it.target.slots, green: { wanted, instances: [] } } };
  const snapshot = {
    ...it.snapshot(),
    router: { kind: "unseen" as const, at: it.now, why: "no answer" },
  };
  return { run, snapshot, now: (it.now + waitedMs) as typeof it.now, progress };
};

test("an unseen router may have traffic on what is there: it is waited for, then given up", () => {
  const step = blind(0).run.plan.steps.find(({ kind }) => kind === "prepare");
  assert.ok(step?.kind === "prepare");
  const early = lookAtPrepare(step, blind(0));
  assert.deepEqual([early.kind, early.reasons[0]?.code], ["wait", "router-unseen"]);
  assert.ok(early.kind === "wait" && early.effects === undefined);
  assert.equal(lookAtPrepare(step, blind(OVERDUE_MS)).kind, "fail");
});

test("what is there of the same release is not made smaller unseen, and may be made larger", () => {
  const step = blind(0).run.plan.steps.find(({ kind }) => kind === "prepare");
  assert.ok(step?.kind === "prepare");
  const smaller = lookAtPrepare(step, blind(0, "1.1", step.instances + 1));
  assert.equal(smaller.reasons[0]?.code, "router-unseen");
  const larger = lookAtPrepare(step, blind(0, "1.1", step.instances - 1));
  assert.equal(larger.reasons[0]?.code, "preparing");
});
