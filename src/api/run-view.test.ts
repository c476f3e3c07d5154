// The picture of a run, from what is stored: step states and times, gauges, who is asked for what.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Fact } from "../core/fact.ts";
import { instant, later } from "../core/ids.ts";
import type { Actor, ReleaseId } from "../core/ids.ts";
import type { Progress, Run } from "../core/run.ts";
import type { RunView } from "./contract/runs.ts";
import { runView } from "./run-view.ts";
import { sampleEvents, sampleRun, stepId } from "./sample-parts.testing.ts";
import { NOW, samplePlan } from "./sample-plan.testing.ts";

const viewOf = (run: Run, facts: readonly Fact[] = [], events = sampleEvents): RunView =>
  runView({
    judged: { run, facts, effects: [], standing: [], verifiedIn: [] },
    events,
    nextLookAt: instant(NOW + 1_000),
    active: null,
    now: NOW,
  });

const progress = (step: number): Progress => ({
  step,
  since: instant(NOW - 5_000),
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
});

const states = (view: RunView): string => view.steps.map((step) => step.state[0]).join("");

test("steps before the present one are done with the time each took, those behind it wait", () => {
  const view = viewOf(sampleRun());
  assert.equal(states(view), "dddaw" + "w".repeat(samplePlan.steps.length - 5));
  assert.deepEqual(
    view.steps.slice(0, 4).map((step) => step.tookMs),
    [40_000, 26_000, 2_000, null],
  );
  assert.equal(view.steps[2]?.note, "the router has 5 %, read back");
  assert.equal(view.steps[3]?.plannedMs, 30_000);
  assert.equal(view.nextLookAt, NOW + 1_000);
});

test("every condition that is judged is a gauge: the bake's gates, then the triggers", () => {
  const { gauges } = viewOf(sampleRun());
  assert.deepEqual(
    gauges.map((g) => [g.use, g.text, g.value, g.bound, g.verdict]),
    [
      ["gate", "errorRate < 1%", 0.31, 1, "pass"],
      ["trigger", "errorRate > 5% for 5s", 0.31, 5, "pass"],
      ["trigger", "p95 > 500ms for 5s", null, 500, "inconclusive"],
    ],
  );
});

test("a trigger that has begun to hold says for how long", () => {
  const numbers = { metric: "errorRate", value: 7, bound: 5, since: NOW - 3_000, at: NOW };
  const because = [{ code: "trigger-clear", text: "errorRate is 7 %", numbers }];
  const gauge = viewOf(sampleRun({ because })).gauges.find((each) => each.use === "trigger");
  assert.deepEqual([gauge?.heldMs, gauge?.forMs, gauge?.verdict], [3_000, 5_000, "pass"]);
});

test("nothing is judged on the way back or after the outcome", () => {
  const settled = { outcome: "succeeded", at: NOW } as const;
  assert.deepEqual(viewOf(sampleRun({ settled })).gauges, []);
});

test("a bake that is done is told by its measurements", () => {
  const reasons = [
    { code: "gate-passed", text: "…", numbers: { metric: "p95", value: 41, bound: 200 } },
  ];
  const events = [
    ...sampleEvents,
    { seq: 5, at: NOW, type: "step.done", step: stepId(3), reasons },
  ];
  const view = viewOf(sampleRun({ state: { kind: "forward", ...progress(4) } }), [], events);
  assert.equal(view.steps.find((step) => step.id === stepId(3))?.note, "p95 41 ms");
});

test("a queued run has every step before it", () => {
  const view = viewOf(sampleRun({ state: { kind: "queued" } }), [], []);
  assert.match(states(view), /^w+$/);
  assert.equal(view.step, null);
});

const breach = { at: NOW, trigger: "errorRate > 1% for 5s", weight: 250, reasons: [] };
const backSteps = [
  {
    kind: "shift",
    id: "back-shift",
    title: "all traffic back to 1.0.0",
    candidate: 0,
    withinMs: 1_000,
  },
  {
    kind: "retire",
    id: "back-retire",
    title: "keep the failed slot",
    role: "candidate",
    afterMs: 60_000,
  },
] as const;

test("on the way back the step that broke has failed with the trigger, the rest is skipped", () => {
  const target = "hello@1.0.0" as ReleaseId;
  const view = viewOf(
    sampleRun({
      breach,
      state: { kind: "back", outcome: "rolledBack", target, steps: backSteps, ...progress(1) },
    }),
  );
  assert.equal(states(view), "dddf" + "s".repeat(samplePlan.steps.length - 4));
  assert.equal(view.steps[3]?.note, "errorRate > 1% for 5s");
  assert.deepEqual(
    view.back.map((step) => step.state),
    ["done", "active"],
  );
  assert.equal(view.backTo, "hello@1.0.0");
});

test("shares passed over are skipped, and a verification that did not pass has failed", () => {
  const bake = {
    kind: "bake",
    title: "watch at 10 %",
    forMs: 1,
    gates: [],
    patienceMs: 0,
  } as const;
  const ends = { holdForMs: 0, onPatienceEnd: "hold", onHoldEnd: "hold" } as const;
  const probe = { kind: "probe", role: "stable", through: "router", timeoutMs: 1 } as const;
  const steps = [
    { ...bake, ...ends, id: "back-bake-10" },
    ...backSteps.slice(0, 1),
    {
      kind: "verify",
      id: "back-verify",
      title: "probe /",
      probe: { ...probe, paths: ["/"] },
      initialWaitMs: 0,
      attempts: 1,
      intervalMs: 1,
    },
  ] as const;
  const done = (seq: number, step: string, code: string) => ({
    seq,
    at: NOW,
    type: "step.done",
    step,
    reasons: [{ code, text: code }],
  });
  const events = [
    ...sampleEvents,
    done(5, "back-bake-10", "passed-over"),
    done(6, "back-shift", "shifted"),
    done(7, "back-verify", "unverified"),
  ];
  const target = "hello@1.0.0" as ReleaseId;
  const state = { kind: "back", outcome: "rolledBack", target, steps, ...progress(3) } as const;
  const view = viewOf(sampleRun({ breach, state }), [], events);
  assert.deepEqual(
    view.back.map((step) => [step.state, step.note]),
    [
      ["skipped", "passed-over"],
      ["done", "shifted"],
      ["failed", "unverified"],
    ],
  );
});

test("after the end the way back is told from the events", () => {
  const events = [
    ...sampleEvents,
    { seq: 5, at: NOW, type: "step.done", step: "back-shift", reasons: [] },
  ];
  const settled = { outcome: "rolledBack", at: NOW } as const;
  const run = sampleRun({
    breach,
    settled,
    state: { kind: "ended", outcome: "rolledBack", at: later(NOW, 9) },
  });
  const view = viewOf(run, [], events);
  assert.deepEqual(
    view.back.map((step) => [step.id, step.state]),
    [["back-shift", "done"]],
  );
  assert.equal(view.nextLookAt, null);
  assert.equal(view.endedAt, NOW + 9);
});

test("a success has every step done, although its last events may be missing", () => {
  const settled = { outcome: "succeeded", at: NOW } as const;
  const view = viewOf(
    sampleRun({ settled, state: { kind: "ended", outcome: "succeeded", at: NOW } }),
  );
  assert.match(states(view), /^d+$/);
});

test("at a gate the ask names who can still approve: not the author, nobody twice", () => {
  const fact = (seq: number, by: string): Fact => ({
    kind: "approval",
    step: stepId(0),
    planHash: samplePlan.hash,
    verdict: "approve",
    reason: null,
    answers: {},
    seq,
    run: sampleRun().id,
    by: by as Actor,
    at: NOW,
  });
  const run = sampleRun({ state: { kind: "forward", ...progress(0) } });
  const { asks } = viewOf(run, [fact(1, "alice"), fact(2, "mallory")]);
  assert.deepEqual(asks[0], {
    kind: "approval",
    step: stepId(0),
    rule: "approval-1",
    from: ["alice", "bob", "carol"],
    needed: 2,
    given: ["alice"],
    open: ["bob", "carol"],
    questions: [],
  });
});

test("a held and stalled run asks for both to be ended", () => {
  const hold = { by: "alice" as Actor, reason: "looking", since: NOW };
  const stalled = { at: NOW, why: "the router does not answer" };
  const run = sampleRun({ hold, state: { kind: "forward", ...progress(3), stalled } });
  assert.deepEqual(
    viewOf(run).asks.map((ask) => ask.kind),
    ["resume", "act"],
  );
});

test("what a plan made anew has changed is told as long as the run is shown", () => {
  const run = sampleRun();
  const reasons = [{ code: "replanned", text: "planned anew: 1.2 is stable now" }];
  const anew = { seq: 0, at: NOW, type: "run.replanned", step: null, reasons };
  const { because } = viewOf(run, [], [anew, ...sampleEvents]);
  assert.deepEqual(because, [...run.because, ...reasons]);
});
