// Who makes way for whom, as a table, and an emergency that meets a run in each of its states.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CANARY, Rehearsal, approvalRule, planOf, playbook } from "./decide.testing.ts";
import type { Instant, ReleaseId, RunId } from "./ids.ts";
import { instant, later } from "./ids.ts";
import { isAhead, isAtEntry, makesWayFor } from "./make-way.ts";
import type { Waiting } from "./make-way.ts";
import type { DeployItem, Playbook } from "./playbook.ts";
import type { Run } from "./run.ts";

const APPROVAL: DeployItem = { kind: "approval", approval: approvalRule(["bob"]) };
const BY_HAND: DeployItem = {
  kind: "manual",
  name: "look",
  instructions: "look at it",
  from: [],
};

const rehearsal = (more: Partial<Playbook> = {}): Rehearsal =>
  new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], more)));

const waiting = (more: Partial<Waiting> = {}): Waiting => ({
  run: "r-2" as RunId,
  seq: 2,
  release: "hello@1.2" as ReleaseId,
  urgent: false,
  emergencyUntil: null,
  ...more,
});

const emergency = (it: Rehearsal, forMs = 600_000): Waiting =>
  waiting({ emergencyUntil: later(it.now, forMs) });

/** Waits for bob before anything is touched. */
const atEntry = (more: Partial<Playbook> = {}): Rehearsal => {
  const it = rehearsal({ before: [APPROVAL], ...more });
  it.runFor(10_000);
  assert.ok(isAtEntry(it.run));
  return it;
};

const ended = ({ run }: Rehearsal): string | null =>
  run.state.kind === "ended" ? run.state.outcome : null;

test("a run at its first gate makes way for an emergency, and nothing was touched", () => {
  const it = atEntry();
  it.waiting = [emergency(it)];
  it.pass();
  assert.equal(ended(it), "superseded");
  assert.equal(it.lane.activeRun, null);
  assert.equal(it.run.touchedAt, null);
});

test("a frozen run makes way as well: no freeze keeps an emergency behind it", () => {
  const it = rehearsal();
  it.stand("dave", { kind: "freeze", reason: "a demo" }, { until: null });
  it.runFor(10_000);
  assert.ok(isAtEntry(it.run));
  it.waiting = [emergency(it)];
  it.pass();
  assert.equal(ended(it), "superseded");
});

test("what is ordinary, or no emergency any more, waits behind a run at its gate", () => {
  const it = atEntry();
  for (const other of [waiting(), emergency(it, 0)]) {
    it.waiting = [other];
    it.pass();
    assert.equal(it.run.state.kind, "forward");
  }
});

test("a run that has begun goes on, whatever it waits for", () => {
  const begun = [rehearsal(), rehearsal({ before: [BY_HAND] })];
  for (const it of begun) {
    it.runFor(10_000);
    assert.equal(isAtEntry(it.run), false);
    it.waiting = [emergency(it)];
    it.runFor(1_000);
    assert.equal(it.run.state.kind, "forward");
  }
});

test("an emergency makes way for no other, nor for what is newer, as long as it lasts", () => {
  const it = atEntry({ onNewer: "supersede" });
  it.run = { ...it.run, origin: { ...it.run.origin, emergency: { until: later(it.now, 60_000) } } };
  for (const other of [emergency(it), waiting()]) {
    it.waiting = [other];
    it.pass();
    assert.equal(it.run.state.kind, "forward");
  }
  it.runFor(60_000);
  it.pass();
  assert.equal(ended(it), "superseded");
});

test("a queued emergency is not superseded by what is newer, and goes before what is older", () => {
  const it = rehearsal({ onNewer: "supersede" });
  it.run = {
    ...it.run,
    seq: 5,
    origin: { ...it.run.origin, emergency: { until: later(it.now, 60_000) } },
  };
  it.waiting = [waiting({ seq: 2 }), waiting({ seq: 9, run: "r-9" as RunId })];
  it.pass();
  assert.equal(it.run.state.kind, "forward");
  assert.equal(it.lane.activeRun, it.run.id);
});

test("what is ordinary leaves the lane to an emergency that came later", () => {
  const it = rehearsal();
  it.waiting = [emergency(it)];
  it.pass();
  assert.equal(it.run.state.kind, "queued");
  assert.ok(it.run.because.some(({ code }) => code === "in-queue"));
});

test("it looks again when the emergency before it is over, and is one like any other then", () => {
  const it = rehearsal();
  const other = emergency(it, 12_345);
  it.waiting = [{ ...other, seq: 9 }];
  it.pass();
  assert.equal(it.decisions.at(-1)?.wakeAt, other.emergencyUntil);
  it.now = later(it.now, 12_345);
  it.pass();
  assert.equal(it.run.state.kind, "forward");
});

const NOW = instant(1_000);

const someone = fc.record({
  seq: fc.integer({ min: 1, max: 9 }),
  urgent: fc.boolean(),
  emergencyUntil: fc.option(
    fc.integer({ min: 0, max: 2_000 }).map((at) => instant(at)),
    { nil: null },
  ),
});

const asRun = (one: { seq: number; urgent: boolean; emergencyUntil: Instant | null }): Run => {
  const { run } = rehearsal();
  const until = one.emergencyUntil;
  const origin = {
    ...run.origin,
    kind: one.urgent ? ("rollback" as const) : ("manual" as const),
    emergency: until === null ? null : { until },
  };
  return { ...run, seq: one.seq, origin };
};

test("of any two that wait exactly one is ahead, so the lane is taken once", () => {
  fc.assert(
    fc.property(someone, someone, (one, other) => {
      fc.pre(one.seq !== other.seq);
      const ahead = isAhead(asRun(one), waiting(other), NOW);
      assert.equal(isAhead(asRun(other), waiting(one), NOW), !ahead);
    }),
  );
});

test("a rollback makes way for no emergency, however early it is", () => {
  const it = atEntry();
  const run = { ...it.run, origin: { ...it.run.origin, kind: "rollback" as const } };
  assert.equal(makesWayFor(run, [emergency(it)], it.now), null);
});
