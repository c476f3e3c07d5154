// Freezes and denied periods that come while a run is under way.

import assert from "node:assert/strict";
import { test } from "node:test";
import { calendar, period } from "./admission/admission.testing.ts";
import type { Calendar } from "./calendar/calendar.ts";
import { broken, DECISION_CHECKS } from "./checks.ts";
import { CANARY, ROLLING, Rehearsal, approvalRule, planOf, playbook } from "./decide.testing.ts";
import type { Decision } from "./decision.ts";
import { instant, later } from "./ids.ts";
import type { Actor, RunId } from "./ids.ts";
import type { DeployItem, OnFreeze, Playbook, Takes } from "./playbook.ts";
import type { Standing } from "./standing.ts";

const FROZEN = { kind: "freeze", reason: "a demo" } as const;
const END = 10_000_000;

/** Every decision is held against the invariants. */
class Watched extends Rehearsal {
  override pass(): Decision {
    const [run, snapshot] = [this.run, this.snapshot()];
    const decision = super.pass();
    assert.deepEqual(broken(DECISION_CHECKS, { run, snapshot, decision }), []);
    return decision;
  }
}

const rehearsal = (
  onFreeze: OnFreeze,
  more: Partial<Playbook> = {},
  takes: Partial<Takes> = {},
  strategy: DeployItem = CANARY,
): Watched => new Watched(planOf("1.1", "1.0", playbook([strategy], { onFreeze, ...more }), takes));

/** At 5 %, its bake under way. */
const baking = (onFreeze: OnFreeze, more: Partial<Playbook> = {}): Watched => {
  const it = rehearsal(onFreeze, more);
  it.runFor(10_000);
  assert.equal(it.router.weights.green, 50);
  return it;
};

const freezeFor = (it: Rehearsal, ms: number, more: Partial<Standing> = {}): void => {
  it.stand("dave", FROZEN, { until: later(it.now, ms), ...more });
};

test("a freeze holds a run at its weight, and it goes on by itself when that is over", () => {
  const it = baking("hold");
  freezeFor(it, 600_000);
  it.runFor(590_000);
  assert.equal(it.router.weights.green, 50);
  assert.equal(it.run.frozen?.thawing, false);
  assert.ok(it.run.because.some(({ text }) => text === "freeze by dave: a demo"));
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  const types = it.eventTypes().filter((type) => type.startsWith("run."));
  assert.deepEqual(types.slice(0, 4), ["run.began", "run.frozen", "run.thawing", "run.thawed"]);
});

test("a freeze begins and ends when it says, not when somebody happens to look", () => {
  const it = baking("hold");
  const [from, until] = [later(it.now, 1_234), later(it.now, 103_456)];
  it.stand("dave", FROZEN, { from, until });
  it.runFor(1_300);
  assert.equal(it.run.frozen?.since, from);
  it.runFor(102_200);
  assert.deepEqual([it.run.frozen?.thawing, it.run.frozen?.since], [true, until]);
});

test("a freeze that somebody ends lets the run go on as well", () => {
  const it = baking("hold");
  it.stand("dave", FROZEN);
  it.runFor(600_000);
  assert.equal(it.router.weights.green, 50);
  it.standing = [];
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("triggers stay armed through a freeze", () => {
  const it = baking("hold");
  freezeFor(it, 600_000);
  it.runFor(60_000);
  it.values = { errorRate: 50 };
  it.runFor(30_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
});

test("weights that drift are set again through a freeze", () => {
  const it = baking("hold");
  freezeFor(it, 600_000);
  it.runFor(60_000);
  it.router = { ...it.router, weights: { blue: 0, green: 1000 } };
  it.runFor(10_000);
  assert.equal(it.router.weights.green, 50);
});

test("a person's word to go back is heard through a freeze", () => {
  const it = baking("hold");
  freezeFor(it, 600_000);
  it.runFor(10_000);
  it.say("bob", { kind: "abort", reason: "no" });
  it.runFor(5_000);
  assert.equal(it.run.settled?.outcome, "aborted");
});

test("a run whose playbook says finish goes on through a freeze", () => {
  const it = baking("finish");
  freezeFor(it, END);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a run whose playbook says back goes back and says why", () => {
  const it = baking("back");
  freezeFor(it, END);
  it.runFor(10_000);
  assert.equal(it.run.settled?.outcome, "rolledBack");
  assert.equal(it.run.breach?.trigger, "freeze by dave: a demo");
  assert.deepEqual(it.router.weights, { blue: 1000, green: 0 });
});

const TASK: DeployItem = {
  kind: "task",
  name: "look",
  task: { kind: "command", command: ["./look"], env: {} },
  deadlineMs: 1_000,
  repeatable: true,
  onUnknown: "hold",
  attempts: 1,
  undo: null,
  migration: null,
};
const APPROVAL: DeployItem = { kind: "approval", approval: approvalRule(["bob"]) };

test("a run that has touched nothing waits out a freeze, although its playbook says back", () => {
  const it = rehearsal("back", { before: [TASK, APPROVAL] });
  it.runFor(10_000);
  freezeFor(it, 60_000);
  it.runFor(50_000);
  assert.equal(it.run.state.kind, "forward");
  assert.equal(it.run.frozen?.thawing, false);
});

test("behind the point of no return a freeze holds, although its playbook says back", () => {
  const it = baking("back");
  it.run = { ...it.run, noReturn: "before-contract" };
  freezeFor(it, 60_000);
  it.runFor(50_000);
  assert.equal(it.router.weights.green, 50);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a freeze before a run begins lets it wait at its entry, and nothing holds it", () => {
  const it = rehearsal("back");
  freezeFor(it, 60_000);
  it.runFor(50_000);
  assert.deepEqual([it.run.state.kind, it.run.frozen, it.run.touchedAt], ["forward", null, null]);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a freeze of another lane does nothing", () => {
  const it = baking("back");
  freezeFor(it, END, { environment: "staging" as never });
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a rollback is never frozen", () => {
  const it = baking("hold");
  const origin = { ...it.run.origin, kind: "rollback" } as const;
  it.run = { ...it.run, origin };
  freezeFor(it, END);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("an emergency goes through a freeze until its time is over, and is held then", () => {
  const it = baking("hold");
  // Between two samples, so that nothing else wakes the run then.
  const emergency = { until: later(it.now, 41_234) };
  it.run = { ...it.run, origin: { ...it.run.origin, emergency } };
  freezeFor(it, END);
  it.runFor(39_000);
  assert.equal(it.router.weights.green, 250);
  it.runFor(END / 2);
  assert.equal(it.router.weights.green, 250);
  assert.equal(it.run.frozen?.since, emergency.until);
});

test("a person's hold outlasts the freeze, and their word to go on does not end the freeze", () => {
  const it = baking("hold");
  freezeFor(it, 60_000);
  it.runFor(10_000);
  it.say("bob", { kind: "resume" });
  it.runFor(10_000);
  assert.equal(it.run.frozen?.thawing, false);
  assert.equal(it.eventTypes().includes("run.resumed"), false);
  it.say("bob", { kind: "hold", reason: "lunch" });
  it.runFor(200_000);
  assert.deepEqual([it.run.hold?.by, it.router.weights.green], ["bob", 50]);
  it.say("bob", { kind: "resume" });
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a person's hold and a freeze end in either order, and only then does the run go on", () => {
  for (const holdFirst of [true, false]) {
    const it = baking("hold");
    const hold = () => it.say("bob", { kind: "hold", reason: "lunch" });
    if (holdFirst) hold();
    freezeFor(it, 60_000);
    it.runFor(1_000);
    if (!holdFirst) hold();
    it.runFor(10_000);
    assert.deepEqual([it.run.hold?.by, it.run.frozen?.reason], ["bob", "freeze by dave: a demo"]);
    // Let go while it is frozen: the freeze still holds. Let go after it: the person did.
    if (holdFirst) it.say("bob", { kind: "resume" });
    it.runFor(30_000);
    assert.deepEqual([it.run.hold === null, it.run.frozen === null], [holdFirst, false]);
    assert.equal(it.router.weights.green, 50);
    it.runFor(200_000);
    assert.equal(it.run.frozen, null);
    if (!holdFirst) {
      assert.deepEqual([it.run.hold?.by, it.router.weights.green], ["bob", 50]);
      it.say("bob", { kind: "resume" });
    }
    it.runFor(300_000);
    assert.equal(it.run.settled?.outcome, "succeeded");
  }
});

test("a freeze does not use up the time of a step that has to be done in time", () => {
  const it = rehearsal("hold", {}, {}, ROLLING);
  it.ready = false;
  it.runFor(2_000);
  freezeFor(it, 600_000);
  it.runFor(600_000);
  it.ready = true;
  it.runFor(60_000);
  assert.equal(it.run.breach, null);
  assert.deepEqual(it.target.slots.blue.wanted, [{ release: "hello@1.1", instances: 4 }]);
});

/** Begun at 1 000 000: denied from 20 s to 10 min behind that, open until 20 min behind it. */
const DENIED: Calendar = {
  ...calendar([], [period(instant(1_020_000), instant(1_600_000))]),
};

test("a denied period of a calendar that was asked holds the run until it is over", () => {
  const it = rehearsal("hold", {}, { calendar: DENIED });
  it.runFor(590_000);
  assert.equal(it.router.weights.green, 50);
  assert.ok(it.run.because.some(({ code }) => code === "window-denied"));
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a calendar that its run has yet to ask holds nothing before", () => {
  const closed = calendar([], [period(instant(0), instant(1_100_000))]);
  const window: DeployItem = { kind: "window", calendar: closed };
  const it = rehearsal("back", { before: [TASK, window] });
  it.runFor(50_000);
  assert.equal(it.run.frozen, null);
  assert.equal(it.run.state.kind === "forward" && it.run.state.step, 2);
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("after a freeze a run asks its window again, and waits for it to open", () => {
  const open = [period(instant(0), instant(1_300_000)), period(instant(2_000_000), instant(END))];
  const it = rehearsal("hold", {}, { calendar: calendar(open) });
  it.runFor(10_000);
  freezeFor(it, 600_000);
  it.runFor(950_000);
  assert.deepEqual([it.router.weights.green, it.run.frozen?.thawing], [50, false]);
  it.runFor(400_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("a window that closes while a run is under way holds nothing: only a denial does", () => {
  const open = [period(instant(0), instant(1_020_000))];
  const it = rehearsal("hold", {}, { calendar: calendar(open) });
  it.runFor(300_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("ten runs that were frozen go on at ten moments", () => {
  const spread = calendar([], [], 600_000);
  const moments = Array.from({ length: 10 }, (_, index) => {
    const it = rehearsal("hold", {}, { calendar: spread });
    it.run = { ...it.run, id: `r-${index}` as RunId };
    it.runFor(10_000);
    freezeFor(it, 60_000);
    it.runFor(69_000);
    assert.equal(it.run.frozen?.thawing, true);
    const over = it.now;
    while (it.run.frozen !== null) {
      it.pass();
      const wakeAt = it.decisions.at(-1)?.wakeAt ?? null;
      assert.ok(wakeAt !== null);
      if (it.run.frozen !== null) it.now = wakeAt;
    }
    assert.ok(it.now - over < 602_000, `${it.now - over}`);
    return it.now;
  });
  assert.equal(new Set(moments).size, 10);
});

test("a freeze that comes back while a run waits for its moment holds it again", () => {
  const it = rehearsal("hold", {}, { calendar: calendar([], [], 600_000) });
  it.run = { ...it.run, id: "r-7" as RunId, origin: { ...it.run.origin, by: "alice" as Actor } };
  it.runFor(10_000);
  freezeFor(it, 30_000);
  it.runFor(31_000);
  assert.equal(it.run.frozen?.thawing, true);
  freezeFor(it, 30_000);
  it.runFor(1_000);
  assert.equal(it.run.frozen?.reason, "freeze by dave: a demo");
  it.runFor(1_000_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
});
