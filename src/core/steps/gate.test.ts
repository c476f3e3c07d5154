// Gates in a run: what they begin, how long they wait, what is told of what admission answered.

import assert from "node:assert/strict";
import { test } from "node:test";
import { checklist, item } from "../admission/admission.testing.ts";
import { CANARY, Rehearsal, approvalRule, planOf, playbook } from "../decide.testing.ts";
import type { RunEvent } from "../decision.ts";
import type { EffectOutcome } from "../effect.ts";
import { later } from "../ids.ts";
import type { Actor, EnvironmentName } from "../ids.ts";
import type { Action, Takes } from "../playbook.ts";

const APPROVAL: Action = { kind: "approval", approval: approvalRule(["bob", "carol"]) };
const CHECK: Action = {
  kind: "checklist",
  checklist: checklist(
    item("lint", {
      manual: false,
      check: {
        kind: "task",
        task: { kind: "command", command: ["./lint"], env: {} },
        deadlineMs: 9_000,
      },
    }),
  ),
};
const WEEK_MS = 7 * 86_400_000;

const rehearsal = (before: readonly Action[], takes: Partial<Takes> = {}): Rehearsal =>
  new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { before }), takes));

const approve = (it: Rehearsal, by: string, step = "entry"): void =>
  it.say(by, {
    kind: "approval",
    step,
    planHash: it.run.plan.hash,
    verdict: "approve",
    reason: null,
    answers: {},
  });

const decided = (it: Rehearsal): readonly RunEvent[] =>
  it.decisions.flatMap(({ events }) => events.filter(({ type }) => type === "admission.decided"));

test("nothing is touched before the gate is passed, and all of it afterwards", () => {
  const it = rehearsal([APPROVAL]);
  it.runFor(600_000);
  assert.equal(it.run.touchedAt, null);
  assert.equal(it.run.because[0]?.text, "waits for 1 more approval from bob, carol");
  approve(it, "bob");
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a gate is looked at within a minute, however long its answer lasts", () => {
  const it = rehearsal([APPROVAL]);
  it.stand("dave", { kind: "freeze", reason: "holidays" }, { until: later(it.now, WEEK_MS) });
  const { wakeAt } = it.pass();
  assert.ok(wakeAt !== null && wakeAt > it.now && wakeAt <= later(it.now, 60_000));
});

test("a gate is looked at when time changes its answer", () => {
  const it = rehearsal([]);
  const until = later(it.now, 12_345);
  it.stand("dave", { kind: "freeze", reason: "a demo" }, { until });
  assert.equal(it.pass().wakeAt, until);
  it.now = until;
  it.pass();
  assert.notEqual(it.run.touchedAt, null);
});

test("what is not allowed in time fails and says what was missing", () => {
  const it = rehearsal([APPROVAL]);
  it.runFor(WEEK_MS);
  assert.equal(it.run.settled, null);
  it.runFor(1);
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "failed");
  assert.deepEqual(
    it.run.breach?.reasons.map(({ code }) => code),
    ["not-allowed-in-time", "approval-missing"],
  );
});

test("what is denied fails at once, with its reason", () => {
  const it = rehearsal([], {
    from: { kind: "environment", name: "staging" as EnvironmentName },
  });
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "failed");
  assert.deepEqual(
    it.run.breach?.reasons.map(({ code }) => code),
    ["not-verified"],
  );
});

test("an answer is told with every rule's result, and again only where it is another", () => {
  const it = rehearsal([APPROVAL]);
  it.runFor(300_000);
  assert.equal(decided(it).length, 1);
  const [first] = decided(it);
  assert.equal(first?.step, "entry");
  assert.deepEqual(
    first?.reasons.map(({ code, numbers }) => [code, numbers?.["rule"], numbers?.["result"]]),
    [
      ["admission", undefined, undefined],
      ["no-freeze", "no-freeze", "allow"],
      ["approval-missing", "approval-1", "wait"],
    ],
  );
  assert.deepEqual(first?.reasons[0]?.numbers, {
    "no-freeze": "allow",
    "approval-1": "wait",
    gate: "entry",
    admission: "wait",
  });
  it.stand("dave", { kind: "freeze", reason: "a demo" }, { until: later(it.now, 100_000) });
  it.runFor(90_000);
  assert.equal(decided(it).length, 2);
  it.runFor(60_000);
  assert.equal(decided(it).length, 3);
  approve(it, "carol");
  it.runFor(10_000);
  assert.equal(decided(it).length, 4);
  const last = decided(it)[3]?.reasons[0]?.text;
  assert.equal(last, "entry allows: no-freeze allows, approval-1 allows");
  const types = it.eventTypes();
  assert.ok(types.lastIndexOf("admission.decided entry") < types.indexOf("step.done entry"));
});

test("a gate behind others is told of when it is reached", () => {
  const task: Action = {
    kind: "task",
    name: "migrate",
    task: { kind: "command", command: ["./migrate"], env: {} },
    deadlineMs: 1_000,
    repeatable: true,
    onUnknown: "hold",
    attempts: 1,
    undo: null,
    migration: null,
  };
  const it = rehearsal([task, APPROVAL]);
  it.runFor(10_000);
  assert.deepEqual(
    decided(it).map(({ step }) => step),
    ["entry", "before-gate-2"],
  );
  assert.equal(it.run.touchedAt, null);
});

test("the check of an item is carried out once, under the names of gate and item", () => {
  const it = rehearsal([CHECK, APPROVAL]);
  it.runFor(300_000);
  const tasks = it.effects.map(({ effect: { body } }) => body);
  assert.equal(tasks.length, 1);
  const [body] = tasks;
  assert.ok(body?.kind === "task");
  assert.deepEqual(
    [body.step, body.attempt, body.slot, body.release.id, body.repeatable],
    ["entry/lint", 1, "green", "hello@1.1", true],
  );
  approve(it, "bob");
  it.runFor(10_000);
  assert.notEqual(it.run.touchedAt, null);
});

test("a check that failed keeps the gate shut until somebody asks for it again", () => {
  const it = rehearsal([CHECK]);
  const red: EffectOutcome = { kind: "refused", code: "exit-1", why: "exit 1" };
  it.pass();
  it.effects = it.effects.map((one) => ({ ...one, outcome: red }));
  it.runFor(300_000);
  assert.equal(it.effects.length, 1);
  assert.equal(it.run.touchedAt, null);
  it.say("bob", { kind: "tick", step: "entry", item: "lint", verdict: "done", text: "" });
  it.runFor(10_000);
  assert.equal(it.effects.length > 1, true);
  assert.notEqual(it.run.touchedAt, null);
});

test("a probe of the stable slot looks at the candidate's where nothing is stable yet", () => {
  const probe: Action = {
    kind: "checklist",
    checklist: checklist(
      item("answers", {
        manual: false,
        check: {
          kind: "task",
          task: { kind: "probe", role: "stable", through: "instances", paths: ["/"], timeoutMs: 1 },
          deadlineMs: 9_000,
        },
      }),
    ),
  };
  const slots = ["1.0", null].map((from) => {
    const it = new Rehearsal(planOf("1.1", from, playbook([CANARY], { before: [probe] })));
    const [body] = it.pass().effects;
    assert.ok(body?.kind === "task");
    return body.slot;
  });
  assert.deepEqual(slots, ["blue", "blue"]);
});

test("an emergency is an ordinary run again when its time is over", () => {
  const it = rehearsal([APPROVAL]);
  const emergency = { until: later(it.now, 60_000) };
  it.run = { ...it.run, origin: { ...it.run.origin, by: "dave" as Actor, emergency } };
  it.stand("erin", { kind: "freeze", reason: "holidays" });
  it.runFor(50_000);
  assert.equal(it.run.because[0]?.code, "approval-missing");
  it.runFor(20_000);
  approve(it, "bob");
  it.runFor(60_000);
  assert.equal(it.run.touchedAt, null);
  assert.equal(it.run.because[0]?.code, "freeze");
});
