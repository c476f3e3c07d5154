// Words of people at odd times.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, ROLLING, Rehearsal, planOf, playbook } from "./decide.testing.ts";

test("a hold in the middle of a replacement does not use up the time the replacement has", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([ROLLING])));
  it.ready = false;
  it.runFor(2_000);
  it.say("bob", { kind: "hold", reason: "lunch" });
  it.runFor(600_000);
  it.ready = true;
  it.say("bob", { kind: "resume" });
  it.runFor(1_000);
  assert.equal(it.run.breach, null);
});

test("a hold does not lengthen a bake: what is only watched went on", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(10_000);
  it.say("bob", { kind: "hold", reason: "lunch" });
  it.runFor(60_000);
  assert.equal(it.router.weights.green, 50);
  it.say("bob", { kind: "resume" });
  it.runFor(6_000);
  assert.equal(it.router.weights.green, 250);
});
