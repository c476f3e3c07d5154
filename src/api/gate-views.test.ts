// Gates as people see them: every rule with its answer, who is left to say what, when it changes.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact } from "../core/fact.ts";
import type { Actor } from "../core/ids.ts";
import { instant, later } from "../core/ids.ts";
import type { Progress, Run } from "../core/run.ts";
import type { Standing } from "../core/standing.ts";
import type { RuleView } from "./contract/gates.ts";
import { gateViews } from "./gate-views.ts";
import { sampleRun } from "./sample-parts.testing.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";
import { said } from "./sample-standing.testing.ts";

const HOUR = 3_600_000;

const progress: Progress = {
  step: 0,
  since: instant(NOW - HOUR),
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
};
const atGate = sampleRun({ state: { kind: "forward", ...progress } });

const gatesOf = (run: Run, facts: readonly Fact[] = [], standing: readonly Standing[] = []) =>
  gateViews({ run, facts, standing, verifiedIn: [], effects: [] }, NOW);

const ruleOf = <K extends RuleView["kind"]>(
  kind: K,
  facts: readonly Fact[] = [],
  standing: readonly Standing[] = [],
) => {
  const [gate] = gatesOf(atGate, facts, standing);
  const rule = gate?.rules.find((one) => one.kind === kind);
  assert.ok(rule?.kind === kind);
  return rule as Extract<RuleView, { kind: K }>;
};

const fact = (by: string, body: object): Fact =>
  ({ seq: 1, run: atGate.id, at: NOW, by, step: "entry", ...body }) as unknown as Fact;
const approval = (by: string): Fact =>
  fact(by, {
    kind: "approval",
    planHash: samplePlan.hash,
    verdict: "approve",
    reason: null,
    answers: {},
  });

test("the present gate has all its rules in the plan's order, and when it fails", () => {
  const [gate, ...others] = gatesOf(atGate);
  assert.deepEqual(others, []);
  assert.deepEqual(
    gate?.rules.map(({ id, answer }) => `${id} ${answer}`),
    [
      "no-freeze allow",
      "approval-1 wait",
      "evidence-1 wait",
      "checklist-pre-deployment wait",
      "window-release-days wait",
    ],
  );
  assert.deepEqual(
    [gate.state, gate.answer, gate.since, gate.failsAt],
    ["here", "wait", NOW - HOUR, later(progress.since, 7 * 24 * HOUR)],
  );
});

test("of a queued run every gate is ahead; on the way back there is none", () => {
  const [gate] = gatesOf(sampleRun({ state: { kind: "queued" } }));
  assert.deepEqual([gate?.state, gate?.since, gate?.failsAt], ["ahead", null, null]);
  const back = {
    ...progress,
    kind: "back",
    outcome: "rolledBack",
    target: null,
    steps: [],
  } as const;
  assert.deepEqual(gatesOf(sampleRun({ state: back })), []);
  assert.deepEqual(gatesOf({ ...atGate, settled: { outcome: "succeeded", at: NOW } }), []);
  assert.deepEqual(gatesOf(sampleRun()), []);
});

test("an approval says who gave it and whose word still counts, stand-ins too", () => {
  const away = said(
    { kind: "delegation", to: "erin" as Actor, reason: "holiday" },
    {
      by: "carol" as Actor,
      until: later(NOW, HOUR),
    },
  );
  const rule = ruleOf("approval", [approval("alice"), approval("mallory")], [away]);
  assert.deepEqual(
    [rule.needed, rule.given, rule.open],
    [2, ["alice"], ["bob", "carol", "erin for carol"]],
  );
  assert.match(rule.text, /^2 of release-managers \(alice, bob, carol\) approve/);
});

test("a checklist has every item with its state, whose word that is, and what is late", () => {
  const tick = fact("carol", {
    kind: "tick",
    item: "notes",
    verdict: "done",
    text: "https://example.com/notes",
  });
  const { items } = ruleOf("checklist", [tick]);
  assert.deepEqual(
    items.map(({ id, state, late, by, manual }) => [id, state, late, by, manual]),
    [
      ["notes", "done", false, "carol", true],
      ["backup", "open", true, null, true],
      ["rehearsal", "open", false, null, true],
      ["tests", "open", false, null, false],
    ],
  );
  assert.deepEqual(items[3]?.check, { kind: "evidence", text: "integrationTests = 100%" });
});

test("a window says when it opens, on the clock of its zone", () => {
  assert.deepEqual(ruleOf("window").until, {
    at: Date.UTC(2026, 10, 24, 15),
    local: "Tue 2026-11-24 10:00 -05:00",
  });
});

test("a freeze holds the gate, and tells who said so, why and until when", () => {
  const until = later(NOW, HOUR);
  const rule = ruleOf(
    "noFreeze",
    [],
    [said({ kind: "freeze", reason: "the big sale" }, { until })],
  );
  assert.deepEqual([rule.answer, rule.until?.at], ["wait", until]);
  assert.match(rule.reasons[0]?.text ?? "", /alice: the big sale/);
});
