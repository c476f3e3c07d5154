// What is asked when the traffic is back: it changes no outcome, and holds up nobody.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROLLING, planOf } from "./decide.testing.ts";
import { REFUSED } from "./undo.testing.ts";
import {
  VERIFY,
  Way,
  atFull,
  bookOf,
  outcomeOf,
  rollback,
  waitingFor,
} from "./way-back.testing.ts";

test("what serves again is asked when the outcome is certain, and the run ends", () => {
  const it = atFull({ verify: VERIFY });
  it.rollBack("immediate");
  it.runFor(1_000);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.equal(it.eventTypes().includes("step.done back-verify"), false);
  it.runFor(70_000);
  assert.ok(it.eventTypes().includes("step.done back-verify"));
  assert.equal(it.run.state.kind, "ended");
  assert.deepEqual(it.pages(), []);
});

test("what is taken back on a later word is taken back before what serves is asked", () => {
  const it = atFull({ verify: VERIFY });
  it.rollBack("immediate");
  it.runFor(1_000);
  it.rollBack("gradual");
  it.runFor(10_000);
  const done = it.eventTypes().filter((type) => /done back-(undo|verify)/.test(type));
  assert.deepEqual(done, ["step.done back-undo-deploy-flag", "step.done back-verify"]);
});

for (const [what, it, step] of [
  ["a way back", atFull({ verify: VERIFY }), "back-verify"],
  ["a rollback", rollback("immediate", { verify: VERIFY }), "verify"],
] as const) {
  test(`a verification of ${what} that fails calls somebody and holds up nobody`, () => {
    it.outcomes = { [step]: REFUSED };
    if (step === "back-verify") it.rollBack("immediate");
    it.runFor(40_000);
    assert.deepEqual(it.pages(), ["rollback.unverified"]);
    assert.match(it.told("rollback.unverified")[0] ?? "", /failed after 3 of 3 attempts: exit 1/);
    it.runFor(60_000);
    assert.equal(it.run.state.kind, "ended");
    assert.equal(it.lane.activeRun, null);
  });
}

test("whoever waits for the lane gets it after one attempt", () => {
  const it = atFull({ verify: { ...VERIFY, attempts: 50, intervalMs: 60_000 } });
  it.outcomes = { "back-verify": REFUSED };
  it.rollBack("immediate");
  it.runFor(1_000);
  it.waiting = waitingFor("hello@1.2", false);
  it.runFor(4_000);
  assert.equal(it.run.state.kind, "ended");
  assert.deepEqual(it.pages(), ["rollback.unverified"]);
});

test("a rollback that waits gets the lane before anything is asked, and that is told", () => {
  const it = atFull({ verify: VERIFY });
  it.rollBack("immediate");
  it.runFor(1_000);
  it.waiting = waitingFor("hello@0.9", true);
  it.runFor(1_000);
  assert.equal(it.run.state.kind, "ended");
  assert.match(it.told("rollback.unverified")[0] ?? "", /hello@0.9 takes over/);
});

test("in place there are no shares, and what serves again is asked all the same", () => {
  const it = new Way(planOf("1.1", "1.0", bookOf([ROLLING], { verify: VERIFY })));
  it.runFor(2_000);
  it.rollBack("gradual");
  it.runFor(60_000);
  assert.equal(outcomeOf(it), "rolledBack");
  assert.ok(it.eventTypes().includes("step.done back-verify"));
});
