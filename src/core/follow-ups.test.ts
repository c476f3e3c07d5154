// Follow-ups: open from success on, ticked after the end, and no step of the plan.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checklist, item } from "./admission/admission.testing.ts";
import { CANARY, planOf, playbook, release } from "./decide.testing.ts";
import type { Fact } from "./fact.ts";
import { followUpsOf, followUpStep, openItems } from "./follow-ups.ts";
import { instant, later } from "./ids.ts";
import type { Actor, Instant, RunId } from "./ids.ts";
import { newRun } from "./new-run.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import type { Outcome, Run } from "./run.ts";

const AT = instant(1_000_000);
const HOUR = 3_600_000;
const LIST = {
  ...checklist(item("notes", { dueMs: HOUR }), item("graphs", { owner: ["olaf"] })),
  name: "post-launch",
};
const AFTER = [{ kind: "followUp" as const, checklist: LIST }];
const BOOK = { ...playbook([CANARY]), after: AFTER };

const run = (outcome: Outcome | null): Run => ({
  ...newRun({
    id: "r-1" as RunId,
    seq: 1,
    plan: planOf("1.1", "1.0", BOOK),
    origin: { kind: "manual", by: "alice" as Actor, reason: null, emergency: null },
    at: AT,
  }),
  settled: outcome === null ? null : { outcome, at: AT },
});

const tick = (by: string, what: string, seq: number): Fact => ({
  kind: "tick",
  step: followUpStep(LIST),
  item: what,
  verdict: "done",
  text: "",
  seq,
  run: "r-1" as RunId,
  by: by as Actor,
  at: later(AT, HOUR),
});

const states = (outcome: Outcome | null, at: Instant, facts: readonly Fact[] = []) =>
  followUpsOf({ run: run(outcome), facts, standing: [], verifiedIn: [], effects: [] }, at).flatMap(
    ({ items }) => items.map(({ state }) => state),
  );

test("a follow-up is no step, and without one a plan is what it was", () => {
  const { steps, followUps } = planOf("1.1", "1.0", BOOK);
  const without = planOf("1.1", "1.0", playbook([CANARY]));
  assert.deepEqual(
    steps.map(({ id }) => id),
    without.steps.map(({ id }) => id),
  );
  assert.deepEqual(followUps, [LIST]);
  assert.equal("followUps" in without, false);
});

test("a rollback opens none: what followed its release was opened when that came", () => {
  const current = planOf("1.1", "1.0", BOOK);
  const { runtime } = current;
  const to = { release: release("1.0"), runtime };
  const from = { release: release("1.1"), runtime };
  assert.equal("followUps" in rollbackPlan({ current, to, from, keepFailedMs: 0 }), false);
});

test("it is open from success on, and only then", () => {
  assert.deepEqual(states("succeeded", AT), ["open", "open"]);
  assert.deepEqual(states(null, AT), []);
  for (const outcome of ["rolledBack", "aborted", "superseded", "failed"] as const) {
    assert.deepEqual(states(outcome, AT), []);
  }
});

test("items are late from their time on, counted from the success", () => {
  assert.deepEqual(states("succeeded", later(AT, HOUR)), ["open", "open"]);
  assert.deepEqual(states("succeeded", later(AT, HOUR + 1)), ["late", "open"]);
});

test("ticks count by the rules of every checklist: an owner's item only by its owner", () => {
  const others = [tick("bob", "notes", 1), tick("bob", "graphs", 2)];
  assert.deepEqual(states("succeeded", later(AT, HOUR), others), ["done", "open"]);
  const all = [...others, tick("olaf", "graphs", 3)];
  const given = { run: run("succeeded"), facts: all, standing: [], verifiedIn: [], effects: [] };
  const [one] = followUpsOf(given, later(AT, HOUR));
  assert.deepEqual(one === undefined ? null : openItems(one), []);
});
