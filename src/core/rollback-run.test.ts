// A rollback as a run of its own, and what it does to others.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, Rehearsal, planOf, playbook, release } from "./decide.testing.ts";
import type { NotifyTarget } from "./playbook.ts";
import { rollbackPlan } from "./rollback-plan.ts";
import type { Snapshot } from "./snapshot.ts";
import { undoable } from "./undo.testing.ts";
import type { Actor, ReleaseId, RunId } from "./ids.ts";

const WEBHOOK: NotifyTarget = { kind: "webhook", url: "http://127.0.0.1:1" };

/** From 1.1, which is stable, to 1.0. */
const rollback = (): Rehearsal => {
  const it = new Rehearsal(
    rollbackPlan({
      current: planOf("1.1", "1.0", playbook([CANARY])),
      to: { release: release("1.0"), runtime: RUNTIME },
      from: { release: release("1.1"), runtime: RUNTIME },
      keepFailedMs: 60_000,
    }),
  );
  const origin = { kind: "rollback", by: "bob" as Actor, reason: null, emergency: null } as const;
  it.run = { ...it.run, origin };
  return it;
};

const urgent = (to: string): Snapshot["waiting"] => [
  { run: "r-2" as RunId, seq: 2, release: to as ReleaseId, urgent: true, emergencyUntil: null },
];

test("the same rollback asked for twice does not turn the first one round", () => {
  const it = rollback();
  it.ready = false;
  it.runFor(1_000);
  it.waiting = urgent("hello@1.0");
  it.runFor(1_000);
  assert.equal(it.run.state.kind, "forward");
  it.waiting = urgent("hello@0.9");
  it.runFor(1_000);
  assert.equal(it.run.breach?.trigger, "superseded by hello@0.9");
});

test("a rollback that finds its release stable has nothing to do", () => {
  const it = rollback();
  it.lane = {
    ...it.lane,
    stable: { slot: "green", release: "hello@1.0" as ReleaseId, instances: 4 },
  };
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "succeeded");
  assert.deepEqual(it.decisions.at(-1)?.effects, []);
  assert.equal(it.lane.activeRun, null);
});

test("any other run whose release became stable while it waited takes no step", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  const stable = { slot: "green", release: "hello@1.1" as ReleaseId, instances: 4 } as const;
  it.lane = { ...it.lane, stable };
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "superseded");
  assert.deepEqual(it.decisions.at(-1)?.effects, []);
});

test("a rollback finds the slot warm although another run waits before it", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY])));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  const ordinary = urgent("hello@1.2").map((one) => ({ ...one, urgent: false }));
  it.waiting = [...ordinary, ...urgent("hello@1.0").map((one) => ({ ...one, seq: 3 }))];
  it.pass();
  assert.equal(it.run.state.kind, "ended");
  assert.equal(it.target.slots.blue.wanted.length, 1);
});

test("a rollback gets the lane while a webhook has not answered yet", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { notify: [WEBHOOK] })));
  it.runFor(130_000);
  assert.equal(it.run.settled?.outcome, "succeeded");
  it.effects = it.effects.map((one) => ({ ...one, state: "started", outcome: null }));
  it.waiting = [{ ...urgent("hello@1.0")[0]!, urgent: false }];
  it.runFor(10_000);
  assert.notEqual(it.run.state.kind, "ended");
  it.waiting = urgent("hello@1.0");
  it.pass();
  assert.equal(it.run.state.kind, "ended");
});

/** 1.2 has become stable while the rollback from 1.1 to 1.0 waited. */
const overtaken = (): Rehearsal => {
  const it = rollback();
  const stable = { slot: "blue", release: "hello@1.2" as ReleaseId, instances: 4 } as const;
  it.lane = { ...it.lane, stable };
  return it;
};

test("a rollback that was planned anew says what changed, and what was asked for", () => {
  const it = overtaken();
  const plan = rollbackPlan({
    current: planOf("1.2", "1.1", playbook([CANARY])),
    to: { release: release("1.0"), runtime: RUNTIME },
    from: { release: release("1.2"), runtime: RUNTIME },
    keepFailedMs: 60_000,
    tier: "gradual",
    atOnce: true,
  });
  it.freshPlan = { kind: "plan", plan, unknown: "what was done before r-7 is not taken back" };
  const { events } = it.pass();
  const told = events.find(({ type }) => type === "run.replanned")?.reasons.map(({ text }) => text);
  assert.deepEqual(told, [
    "planned anew: hello@1.2 is stable now, where hello@1.1 was when it was asked for; still to " +
      "hello@1.0, tier gradual, all traffic at once; it takes nothing else back",
    "what was done before r-7 is not taken back",
  ]);
  assert.deepEqual([it.run.state.kind, it.run.plan.hash], ["forward", plan.hash]);
});

test("a rollback that would be refused by now ends, and calls somebody", () => {
  const it = overtaken();
  it.run = { ...it.run, plan: { ...it.run.plan, notify: [WEBHOOK] } };
  it.freshPlan = { kind: "refused", code: "point-of-no-return", why: "r-8 began deploy-drop" };
  const { effects } = it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "failed");
  assert.match(it.run.because[0]?.text ?? "", /did not begin: r-8 began deploy-drop/);
  assert.ok(effects.some((one) => one.kind === "notify" && one.event.page));
  assert.ok(effects.every(({ kind }) => kind === "notify"));
});

test("a rollback of which no plan can be made just now waits, and is asked again", () => {
  const it = overtaken();
  it.pass();
  assert.equal(it.run.state.kind, "queued");
});

test("a train takes nothing back from a member that carries what is not the train's", () => {
  const it = overtaken();
  it.run = { ...it.run, origin: { ...it.run.origin, train: "r-0" as RunId } };
  const { effects } = it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "superseded");
  assert.deepEqual(effects, []);
});

/** From 1.1 to 1.0, and a migration with it; somebody else was faster. */
const outrun = (): Rehearsal => {
  const it = rollback();
  const current = planOf("1.1", "1.0", playbook([undoable("migrate", "gradual"), CANARY]));
  const plan = rollbackPlan({
    current,
    to: { release: release("1.0"), runtime: RUNTIME },
    from: { release: release("1.1"), runtime: RUNTIME },
    keepFailedMs: 0,
    tier: "gradual",
    between: [{ ...it.run, plan: current }],
  });
  it.run = { ...it.run, plan };
  const stable = { slot: "green", release: "hello@1.0" as ReleaseId, instances: 4 } as const;
  it.lane = { ...it.lane, stable };
  return it;
};

const hasEnded = ({ run }: Rehearsal): boolean => run.state.kind === "ended";

test("a rollback that was outrun by a lesser one does not count as a success", () => {
  const it = outrun();
  it.pass();
  assert.ok(!hasEnded(it), "nobody knows yet");
  it.freshPlan = { kind: "refused", code: "left-undone", why: "r-8 left migrate as it is" };
  it.pass();
  assert.equal(it.run.settled?.outcome, "failed");
  assert.ok(hasEnded(it));
  assert.match(it.run.because[0]?.text ?? "", /r-8 left migrate as it is/);
});

test("a rollback that was outrun by one that took back as much has nothing to do", () => {
  const it = outrun();
  it.freshPlan = { kind: "refused", code: "already-stable", why: "it is what runs already" };
  it.pass();
  assert.equal(it.run.state.kind === "ended" && it.run.state.outcome, "succeeded");
});

test("a rollback that is not there in its tier's time calls somebody once, queued or not", () => {
  for (const waits of [false, true]) {
    const it = rollback();
    const { plan } = it.run;
    const times = { immediate: 20_000, gradual: 60_000, full: 60_000 };
    const timed = { ...plan.rollback, withinMs: 20_000, tierWithinMs: times };
    it.run = { ...it.run, plan: { ...plan, notify: [WEBHOOK], rollback: timed } };
    it.ready = false;
    if (waits) it.lane = { ...it.lane, activeRun: "r-0" as RunId };
    const pages = (): readonly string[] =>
      it.decisions.flatMap(({ effects }) =>
        effects.flatMap((one) =>
          one.kind === "notify" && one.event.page && one.event.type === "rollback.late"
            ? [one.event.text]
            : [],
        ),
      );
    it.runFor(19_000);
    assert.deepEqual(pages(), []);
    it.runFor(30_000);
    const at = waits ? "the queue of its lane" : "prepare";
    const text = "production is not back on hello@1.0 within its 20s for the tier immediate";
    assert.deepEqual(pages(), [`${text}, it is at ${at}`]);
  }
});
