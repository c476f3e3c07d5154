// Whole runs through decide(), in a world without faults: one behaviour a test.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CANARY,
  ROLLING,
  Rehearsal,
  approvalRule,
  condition,
  planOf,
  playbook,
} from "./decide.testing.ts";
import { decide } from "./decide.ts";
import { freshProgress } from "./draft.ts";
import type { DeployItem } from "./playbook.ts";

const canary = (from: string | null = "1.0") =>
  new Rehearsal(planOf("1.1", from, playbook([CANARY])));

test("a good canary climbs its weights and becomes the stable release", () => {
  const it = canary();
  it.runFor(300_000);
  assert.deepEqual(it.run.state.kind === "ended" && it.run.state.outcome, "succeeded");
  assert.deepEqual(it.router.weights, { blue: 0, green: 1000 });
  assert.deepEqual(it.lane.stable, { slot: "green", release: "hello@1.1", instances: 4 });
  assert.deepEqual(
    it.lane.knownGood.map((k) => k.release),
    ["hello@1.1", "hello@1.0"],
  );
  assert.equal(it.lane.activeRun, null);
  assert.deepEqual(it.target.slots.blue.wanted, []);
});

test("the first installation goes to all traffic at once and needs no baseline", () => {
  const it = canary(null);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
});

test("what serves and was never good keeps its slot until the new one has the traffic", () => {
  const it = canary(null);
  // Left by a first installation that ended without an outcome: all the traffic, and no record.
  const { blue } = canary("1.0").target.slots;
  it.target = { generation: 0, slots: { ...it.target.slots, blue } };
  const endpoints = { blue: 4, green: 0 };
  it.router = { generation: 0, weights: { blue: 1000, green: 0 }, endpoints };
  it.ready = false;
  it.runFor(5_000);
  assert.deepEqual(it.target.slots.green.wanted.length, 1);
  assert.deepEqual([it.router.weights.blue, it.target.slots.blue], [1000, blue]);
  const other = canary(null);
  other.target = { generation: 0, slots: { ...other.target.slots, blue } };
  other.router = { ...it.router, generation: 0, endpoints };
  other.runFor(300_000);
  assert.equal(other.run.settled?.outcome, "succeeded");
  assert.deepEqual(other.router.weights, { blue: 0, green: 1000 });
  assert.deepEqual(other.target.slots.blue.wanted, []);
});

test("a trigger that holds for its duration sends the run back, capacity first", () => {
  const it = canary();
  it.runFor(20_000);
  assert.equal(it.router.weights.green, 50);
  it.values = { errorRate: 20 };
  it.runFor(20_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
  assert.equal(it.run.breach?.trigger, "errorRate > 5% for 10s");
  assert.equal(it.run.breach.weight, 50);
  assert.equal(it.lane.stable?.release, "hello@1.0");
  it.runFor(100_000);
  assert.equal(it.run.state.kind, "ended");
  assert.deepEqual(it.target.slots.green.wanted, []);
});

test("no data never passes a bake: it waits out its patience and goes back", () => {
  const it = canary();
  it.values = { errorRate: null };
  it.runFor(80_000);
  assert.equal(it.router.weights.green, 50);
  it.runFor(60_000);
  assert.equal(it.run.settled?.outcome, "failed");
});

test("a person's word passes a bake without data, and none that was measured and failed", () => {
  const it = canary();
  it.values = { errorRate: null };
  it.runFor(40_000);
  it.say("bob", { kind: "answer", step: "bake-5", verdict: "done", text: "looked at it" });
  it.runFor(10_000);
  assert.equal(it.router.weights.green, 250);
  it.values = { errorRate: 3 };
  it.say("bob", { kind: "answer", step: "bake-25", verdict: "done", text: "looks fine" });
  it.runFor(40_000);
  assert.equal(it.router.weights.green, 250);
});

test("between gate and trigger it holds and recovers when the gate passes again", () => {
  const it = canary();
  it.runFor(10_000);
  it.values = { errorRate: 3 };
  it.runFor(60_000);
  assert.equal(it.router.weights.green, 50);
  assert.ok(it.run.because.some((r) => r.code === "between-gate-and-trigger"));
  it.values = { errorRate: 0 };
  it.runFor(200_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a hold keeps the weight with triggers armed, and resume lets it go on", () => {
  const it = canary();
  it.runFor(10_000);
  it.say("bob", { kind: "hold", reason: "lunch" });
  it.runFor(200_000);
  assert.equal(it.router.weights.green, 50);
  it.say("bob", { kind: "resume" });
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a held run still goes back when a trigger holds", () => {
  const it = canary();
  it.runFor(10_000);
  it.say("bob", { kind: "hold", reason: "lunch" });
  it.values = { errorRate: 50 };
  it.runFor(30_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
});

test("abort before anything was touched ends at once, later it goes back first", () => {
  const early = canary();
  early.say("bob", { kind: "abort", reason: "no" });
  early.runFor(1_000);
  assert.deepEqual(early.run.state.kind === "ended" && early.run.state.outcome, "aborted");
  const late = canary();
  late.runFor(10_000);
  late.say("bob", { kind: "abort", reason: "no" });
  late.runFor(5_000);
  assert.equal(late.run.settled?.outcome, "aborted");
  assert.deepEqual(late.router.weights, { blue: 1000, green: 0 });
});

test("a rolling update replaces within the slot and goes back the same way", () => {
  const good = new Rehearsal(planOf("1.1", "1.0", playbook([ROLLING])));
  good.runFor(200_000);
  assert.equal(good.run.settled?.outcome, "succeeded");
  assert.deepEqual(good.target.slots.blue.wanted, [{ release: "hello@1.1", instances: 4 }]);
  const bad = new Rehearsal(planOf("1.1", "1.0", playbook([ROLLING])));
  bad.values = { errorRate: 50 };
  bad.runFor(60_000);
  assert.equal(bad.run.settled?.outcome, "rolledBack");
  assert.deepEqual(bad.target.slots.blue.wanted, [{ release: "hello@1.0", instances: 4 }]);
});

test("a rolling update never has fewer ready instances than it may", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([ROLLING])));
  for (let i = 0; i < 60; i += 1) {
    it.pass();
    const ready = it.target.slots.blue.instances.filter((one) => one.phase === "ready").length;
    assert.ok(ready >= 4 && ready <= 5, `${ready} ready`);
  }
});

const approval: DeployItem = {
  kind: "approval",
  approval: approvalRule(["alice", "bob", "carol"], { count: 2, expiresMs: 60_000 }),
};

test("an approval needs two of the named who are not the author, on this plan", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([approval, CANARY])));
  const approve = (by: string, planHash: string = it.run.plan.hash) =>
    it.say(by, {
      kind: "approval",
      step: "deploy-gate-1",
      planHash,
      verdict: "approve",
      reason: null,
      answers: {},
    });
  approve("alice");
  approve("bob");
  approve("bob");
  approve("carol", "sha256:another");
  approve("mallory");
  it.runFor(10_000);
  assert.equal(it.run.touchedAt, null);
  approve("carol");
  it.runFor(10_000);
  assert.notEqual(it.run.touchedAt, null);
});

test("an approval that expired no longer counts, and a rejection ends the run", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([approval, CANARY])));
  const word = (by: string, verdict: "approve" | "reject") =>
    it.say(by, {
      kind: "approval",
      step: "deploy-gate-1",
      planHash: it.run.plan.hash,
      verdict,
      reason: null,
      answers: {},
    });
  word("bob", "approve");
  it.runFor(90_000);
  word("carol", "approve");
  it.runFor(10_000);
  assert.equal(it.run.touchedAt, null);
  word("bob", "reject");
  it.runFor(10_000);
  assert.deepEqual(it.run.state.kind === "ended" && it.run.state.outcome, "failed");
});

test("a newer release supersedes where the playbook says so, by way of the stable one", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { onNewer: "supersede" })));
  it.runFor(10_000);
  const newer = {
    run: "r-2" as never,
    seq: 2,
    release: "hello@1.2" as never,
    urgent: false,
    emergencyUntil: null,
  };
  it.waiting = [newer];
  it.runFor(10_000);
  assert.deepEqual(it.run.state.kind === "ended" && it.run.state.outcome, "superseded");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
  assert.equal(it.lane.activeRun, null);
});

test("weights that drift behind its back are set again", () => {
  const it = canary();
  it.runFor(10_000);
  it.router = { ...it.router, weights: { blue: 0, green: 1000 } };
  it.runFor(6_000);
  assert.equal(it.router.weights.green, 50);
  assert.ok(it.eventTypes().includes("weights.restored"));
});

test("traffic that strays to the other slot is taken back before that slot is filled", () => {
  const it = canary();
  it.router = { ...it.router, weights: { blue: 154, green: 846 } };
  it.runFor(10_000);
  const orders = it.decisions.flatMap(({ effects }) => effects);
  const [first, second] = orders;
  assert.deepEqual(first?.kind === "route" && first.weights, { blue: 1000, green: 0 });
  assert.equal(second?.kind, "apply");
});

test("no outcome is certain while the router cannot be seen", () => {
  const it = canary();
  it.runFor(150_000);
  const { run } = it;
  const last = run.plan.steps.findIndex((step) => step.kind === "retire");
  assert.ok(run.state.kind === "forward" || run.state.kind === "ended");
  const state = { ...freshProgress(last, it.now), kind: "forward" } as const;
  const snapshot = it.snapshot();
  const unseen = { kind: "unseen", at: it.now, why: "it is away" } as const;
  const before = { ...run, state, settled: null };
  const blind = decide(before, { ...snapshot, router: unseen }, it.now);
  assert.equal(blind.run.settled, null);
  assert.equal(decide(before, snapshot, it.now).run.settled?.outcome, "succeeded");
});

test("candidates that never become ready in time send the run back", () => {
  const it = canary();
  it.ready = false;
  it.runFor(70_000);
  assert.equal(it.run.breach?.trigger.startsWith("prepare-5"), true);
});

test("with nothing good to return to and traffic on it, it stalls and pages instead", () => {
  const it = canary(null);
  it.runFor(6_000);
  it.values = { errorRate: 50 };
  it.runFor(30_000);
  const { state } = it.run;
  assert.ok(state.kind === "back" && state.stalled !== null);
  assert.match(state.stalled.why, /another release takes over: sluice deploy hello \S+ VERSION$/u);
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
});

test("one instance of the good release that does not come up delays no way back", () => {
  const it = canary();
  it.runFor(10_000);
  const [first, ...others] = it.target.slots.blue.instances;
  assert.ok(first !== undefined);
  const broken = [{ ...first, phase: "backoff" as const }, ...others];
  const blue = { ...it.target.slots.blue, instances: broken };
  it.target = { ...it.target, slots: { ...it.target.slots, blue } };
  it.router = { ...it.router, endpoints: { ...it.router.endpoints, blue: 3 } };
  it.say("bob", { kind: "abort", reason: "no" });
  it.runFor(1_000);
  assert.equal(it.run.settled?.outcome, "aborted");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
});

test("an open alert of its severity sends a run back, a resolved one does not", () => {
  const alert = (status: "firing" | "resolved") =>
    ({ kind: "alert", name: "Down", severity: "critical", status }) as const;
  const rollback = {
    when: [condition("alert critical")],
    keepFailedMs: 0,
    withinMs: 1,
    tier: "immediate" as const,
  };
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { rollback })));
  it.say("bob", alert("firing"));
  it.say("bob", alert("resolved"));
  it.runFor(10_000);
  assert.equal(it.run.settled, null);
  it.say("bob", alert("firing"));
  it.runFor(6_000);
  assert.equal(it.run.breach?.trigger, "alert critical");
});

test("an open alert of its name sends a run back, another one does not", () => {
  const alert = (name: string) =>
    ({ kind: "alert", name, severity: "warning", status: "firing" }) as const;
  const rollback = {
    when: [condition("alert HighErrorRate")],
    keepFailedMs: 0,
    withinMs: 1,
    tier: "immediate" as const,
  };
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { rollback })));
  it.say("bob", alert("HighResponseTime"));
  it.runFor(10_000);
  assert.equal(it.run.settled, null);
  it.say("bob", alert("HighErrorRate"));
  it.runFor(6_000);
  assert.equal(it.run.breach?.trigger, "alert HighErrorRate");
});

test("the same input gives the same decision", () => {
  const it = canary();
  it.runFor(20_000);
  const copy = structuredClone({ run: it.run, snapshot: it.snapshot() });
  const first = it.pass();
  const again = new Rehearsal(it.run.plan);
  again.now = it.now;
  again.run = copy.run;
  Object.assign(again, { snapshot: () => copy.snapshot });
  assert.deepEqual(again.pass(), first);
});
