// Which gates playbooks and environments come to, under which ids.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, approvalRule, planOf, playbook } from "../decide.testing.ts";
import type { EnvironmentName } from "../ids.ts";
import type { Action, Playbook, Takes } from "../playbook.ts";
import type { GateStep } from "../step.ts";
import { calendar, checklist, item } from "./admission.testing.ts";

const APPROVAL: Action = { kind: "approval", approval: approvalRule(["bob"]) };
const EVIDENCE: Action = {
  kind: "evidence",
  conditions: [
    {
      name: "coverage",
      comparison: ">",
      value: { unit: "percent", value: 80 },
      text: "coverage > 80%",
    },
  ],
};
const LIST: Action = { kind: "checklist", checklist: checklist(item("a"), item("b")) };
const WINDOW: Action = { kind: "window", calendar: calendar([]) };
const CHANGE: Action = { kind: "changeRecord" };
const TASK: Action = {
  kind: "task",
  name: "migrate",
  task: { kind: "command", command: ["./migrate"], env: {} },
  deadlineMs: 1_000,
  repeatable: false,
  onUnknown: "hold",
  attempts: 1,
  undo: {
    task: { kind: "command", command: ["./migrate", "down"], env: {} },
    deadlineMs: 2_000,
    repeatable: true,
    tier: "gradual",
  },
  migration: "expand",
};

const planWith = (more: Partial<Playbook>, takes: Partial<Takes> = {}) =>
  planOf("1.1", "1.0", playbook([CANARY], more), takes);

const gatesOf = (more: Partial<Playbook>, takes: Partial<Takes> = {}): readonly GateStep[] =>
  planWith(more, takes).steps.filter((step) => step.kind === "gate");

const idsOf = (gates: readonly GateStep[]) =>
  gates.map(({ id, rules }) => [id, ...rules.map((rule) => rule.id)]);

test("every plan begins with a gate that asks for no freeze", () => {
  const [entry] = gatesOf({});
  assert.deepEqual(idsOf(gatesOf({})), [["entry", "no-freeze"]]);
  assert.equal(entry?.title, "no freeze");
  assert.equal(entry.withinMs, 7 * 86_400_000);
});

test("what the environment asks comes before what the playbook asks, at the same gate", () => {
  const takes: Partial<Takes> = {
    from: { kind: "environment", name: "staging" as EnvironmentName },
    calendar: calendar([]),
    approval: approvalRule(["carol"]),
  };
  const before = [APPROVAL, EVIDENCE, LIST, WINDOW, CHANGE, APPROVAL];
  assert.deepEqual(idsOf(gatesOf({ before }, takes)), [
    [
      "entry",
      "no-freeze",
      "verified-in-staging",
      "window",
      "approval",
      "approval-1",
      "evidence-1",
      "checklist-before",
      "window-release-days",
      "change-record",
      "approval-2",
    ],
  ]);
});

test("gates behind work are gates of their own, named after where they stand", () => {
  const deploy = [APPROVAL, CANARY, WINDOW, TASK, LIST];
  const gates = gatesOf({ before: [TASK, APPROVAL, EVIDENCE], deploy, after: [APPROVAL] });
  assert.deepEqual(idsOf(gates), [
    ["entry", "no-freeze"],
    ["before-gate-2", "approval-1", "evidence-1"],
    ["deploy-gate-1", "approval-1"],
    ["deploy-gate-2", "window-release-days"],
    ["deploy-gate-3", "checklist-before"],
    ["after-gate-1", "approval-1"],
  ]);
});

test("no two rules of a gate and no two of its items have the same id", () => {
  const [entry] = gatesOf({ before: [LIST, LIST, WINDOW, WINDOW] });
  assert.ok(entry);
  assert.deepEqual(idsOf([entry]), [
    [
      "entry",
      "no-freeze",
      "checklist-before",
      "checklist-before-2",
      "window-release-days",
      "window-release-days-2",
    ],
  ]);
  const items = entry.rules.flatMap((rule) =>
    rule.kind === "checklist" ? rule.checklist.items.map(({ id }) => id) : [],
  );
  assert.deepEqual(items, ["a", "b", "before-a", "before-b"]);
});

test("a gate's title says what it asks", () => {
  const groups: Action = {
    kind: "approval",
    approval: approvalRule(["bob", "carol"], { count: 2, groups: ["release-managers"] }),
  };
  const before = [groups, EVIDENCE, LIST, WINDOW, CHANGE];
  const [entry] = gatesOf({ before });
  assert.equal(
    entry?.title,
    "no freeze; approval by 2 of bob, carol (release-managers); evidence: coverage > 80%; " +
      "checklist before (2 items); window release-days; change record approved",
  );
});

test("calendars of all gates, freezes, tiers, undos and migrations go into the plan", () => {
  const other = { ...calendar([]), name: "other" };
  const takes = { calendar: calendar([]) };
  const after: readonly Action[] = [{ kind: "window", calendar: other }, WINDOW];
  const rollback = { ...playbook([CANARY]).rollback, tier: "full" as const };
  const plan = planWith({ before: [TASK], after, rollback, onFreeze: "finish" }, takes);
  assert.deepEqual(
    plan.calendars.map(({ name }) => name),
    ["release-days", "other"],
  );
  assert.deepEqual([plan.onFreeze, plan.rollback.tier], ["finish", "full"]);
  const task = plan.steps.find(({ id }) => id === "before-migrate");
  assert.ok(task?.kind === "task" && TASK.kind === "task");
  assert.deepEqual([task.undo, task.migration], [TASK.undo, "expand"]);
});
