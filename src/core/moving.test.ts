// When a run is behind a step: on its present way, and at its end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, Rehearsal, planOf, playbook } from "./decide.testing.ts";
import { freshProgress } from "./draft.ts";
import { hasPassed } from "./moving.ts";

test("a run is behind the steps before its present one, and behind all of them at its end", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  const [first, second] = it.run.plan.steps;
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(hasPassed(it.run, first.id), false);
  const state = { kind: "forward" as const, ...freshProgress(1, it.now) };
  const run = { ...it.run, state };
  assert.deepEqual([first, second].map(({ id }) => hasPassed(run, id)), [true, false]);
  const ended = { kind: "ended" as const, outcome: "aborted" as const, at: it.now };
  assert.equal(hasPassed({ ...run, state: ended }, second.id), true);
});
