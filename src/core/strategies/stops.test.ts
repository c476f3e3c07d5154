// What is asked between the shares of a canary: which steps it becomes, and runs that stand there.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checklist, item } from "../admission/admission.testing.ts";
import { broken, DECISION_CHECKS } from "../checks.ts";
import { CANARY, RUNTIME, Rehearsal, approvalRule, planOf, playbook } from "../decide.testing.ts";
import type { Decision } from "../decision.ts";
import type { CanaryStop, DeployItem, NotifyTarget, Playbook, StopAction } from "../playbook.ts";
import type { Step } from "../step.ts";

const APPROVAL: StopAction = { kind: "approval", approval: approvalRule(["bob", "carol"]) };
const CHECKLIST: StopAction = { kind: "checklist", checklist: checklist(item("seen")) };
const LOOK: StopAction = { kind: "manual", name: "look", instructions: "look at it", from: [] };
const WEBHOOK: NotifyTarget = { kind: "webhook", url: "http://127.0.0.1:1" };

const stop = (before: number, ...actions: readonly StopAction[]): CanaryStop => ({
  before,
  actions,
  withinMs: 600_000,
  onLate: "hold",
});

const canary = (...stops: readonly CanaryStop[]): DeployItem =>
  CANARY.kind === "strategy" && CANARY.strategy.kind === "canary"
    ? { kind: "strategy", strategy: { ...CANARY.strategy, stops } }
    : assert.fail();

const planWith = (stops: readonly CanaryStop[], from: string | null = "1.0", more = {}) =>
  planOf("1.1", from, playbook([canary(...stops)], more));

const idsOf = (steps: readonly Step[]): readonly string[] => steps.map(({ id }) => id);

class Watched extends Rehearsal {
  override pass(): Decision {
    const [run, snapshot] = [this.run, this.snapshot()];
    const decision = super.pass();
    assert.deepEqual(broken(DECISION_CHECKS, { run, snapshot, decision }), []);
    return decision;
  }
}

/** At 5 %, whose bake is over, with all that is asked before 25 %. */
const atStop = (more: Partial<CanaryStop> = {}, book: Partial<Playbook> = {}): Watched => {
  const it = new Watched(planWith([{ ...stop(250, APPROVAL, LOOK), ...more }], "1.0", book));
  it.runFor(60_000);
  assert.deepEqual([it.router.weights.green, stepOf(it)], [50, "gate-25"]);
  return it;
};

const stepOf = ({ run }: Rehearsal): string | null =>
  run.state.kind === "forward" ? (run.plan.steps[run.state.step]?.id ?? null) : null;

const approve = (it: Rehearsal, by: string, planHash: string = it.run.plan.hash): void =>
  it.say(by, {
    kind: "approval",
    step: "gate-25",
    planHash,
    verdict: "approve",
    reason: null,
    answers: {},
  });

test("what is asked stands before its share, gates together, manual steps between them", () => {
  const { steps } = planWith([stop(250, APPROVAL, CHECKLIST, LOOK, APPROVAL), stop(1000, LOOK)]);
  assert.deepEqual(idsOf(steps), [
    "entry",
    "prepare-5",
    "shift-5",
    "bake-5",
    "gate-25",
    "at-25-look",
    "gate-25-2",
    "prepare-25",
    "shift-25",
    "bake-25",
    "at-100-look",
    "prepare-100",
    "shift-100",
    "stability",
    "retire",
  ]);
  const [gate] = steps.filter(({ id }) => id === "gate-25");
  assert.deepEqual(gate?.kind === "gate" && gate.rules.map(({ id }) => id), [
    "approval-1",
    "checklist-before",
  ]);
  assert.equal(gate?.kind === "gate" && gate.withinMs, 600_000);
});

test("a first installation asks all of it before anything is brought up", () => {
  const { steps } = planWith([stop(250, APPROVAL), stop(1000, LOOK)], null);
  assert.deepEqual(idsOf(steps), [
    "entry",
    "gate-25",
    "at-100-look",
    "prepare-100",
    "shift-100",
    "stability",
  ]);
});

test("a plan without anything asked is as it always was", () => {
  assert.equal(planWith([]).hash, planOf("1.1", "1.0", playbook([CANARY])).hash);
  assert.notEqual(planWith([stop(250, APPROVAL)]).hash, planWith([]).hash);
});

const asked = fc.constantFrom(APPROVAL, CHECKLIST, LOOK);
const stops = fc
  .subarray([50, 250, 1000])
  .chain((shares) =>
    fc.tuple(
      ...shares.map((share) =>
        fc.array(asked, { minLength: 1, maxLength: 4 }).map((actions) => stop(share, ...actions)),
      ),
    ),
  );

test("no share is prepared or shifted before all that is asked before it, in its order", () => {
  fc.assert(
    fc.property(stops, (given) => {
      const { steps } = planWith(given.map((one) => ({ ...one, actions: unique(one.actions) })));
      const ids = idsOf(steps);
      assert.equal(new Set(ids).size, ids.length);
      for (const { before } of given) {
        const at = `${before / 10}`;
        const mine = ids.flatMap((id, index) =>
          id === `gate-${at}` || id.startsWith(`gate-${at}-`) || id.startsWith(`at-${at}-`)
            ? [index]
            : [],
        );
        assert.ok(mine.length > 0);
        const earlier = steps.findLastIndex(
          (step) => step.kind === "shift" && step.candidate < before,
        );
        assert.ok(mine.every((index) => index > earlier && index < ids.indexOf(`prepare-${at}`)));
      }
    }),
  );
});

const unique = (actions: readonly StopAction[]): readonly StopAction[] =>
  actions.filter((one, index) => one.kind !== "manual" || actions.indexOf(one) === index);

test("it stays at its share until it is approved and done, and then goes on by itself", () => {
  const it = atStop();
  it.runFor(300_000);
  assert.equal(it.router.weights.green, 50);
  approve(it, "bob", "sha256:other");
  approve(it, "alice");
  it.runFor(1_000);
  assert.equal(stepOf(it), "gate-25");
  approve(it, "bob");
  it.runFor(1_000);
  assert.deepEqual([stepOf(it), it.router.weights.green], ["at-25-look", 50]);
  it.say("dave", { kind: "answer", step: "at-25-look", text: "looks well", verdict: "done" });
  it.runFor(10_000);
  assert.equal(it.router.weights.green, 250);
});

test("while it waits its triggers stay armed", () => {
  const it = atStop();
  it.values = { errorRate: 50 };
  it.runFor(60_000);
  assert.deepEqual([it.run.settled?.outcome, it.router.weights.green], ["rolledBack", 0]);
  assert.equal(it.run.breach?.trigger, "errorRate > 5% for 10s");
});

test("a rejection there sends it back, and so does a person who failed", () => {
  const rejected = atStop();
  rejected.say("bob", {
    kind: "approval",
    step: "gate-25",
    planHash: rejected.run.plan.hash,
    verdict: "reject",
    reason: "not today",
    answers: {},
  });
  const failed = atStop();
  approve(failed, "bob");
  failed.runFor(1_000);
  failed.say("dave", { kind: "answer", step: "at-25-look", text: "no", verdict: "failed" });
  for (const it of [rejected, failed]) {
    it.runFor(10_000);
    assert.deepEqual([it.run.settled?.outcome, it.router.weights.green], ["failed", 0]);
  }
});

test("what was changed behind its back while it waits is set again", () => {
  const it = atStop();
  it.router = { ...it.router, weights: { blue: 0, green: 1000 } };
  it.runFor(5_000);
  assert.deepEqual(it.router.weights, { blue: 950, green: 50 });
});

test("late, it holds and calls somebody once, or goes back where that is written", () => {
  const holds = atStop({ withinMs: 60_000 }, { notify: [WEBHOOK] });
  holds.runFor(120_000);
  assert.deepEqual([stepOf(holds), holds.router.weights.green], ["gate-25", 50]);
  const pages = holds.decisions
    .flatMap(({ effects }) => effects)
    .filter((effect) => effect.kind === "notify" && effect.event.page);
  assert.equal(pages.length, 1);
  approve(holds, "bob");
  holds.runFor(10_000);
  assert.equal(stepOf(holds), "at-25-look");

  const back = atStop({ withinMs: 60_000, onLate: "back" });
  back.runFor(120_000);
  assert.deepEqual([back.run.settled?.outcome, back.router.weights.green], ["failed", 0]);
  assert.ok(back.run.breach?.reasons.some(({ code }) => code === "not-allowed-in-time"));
});

test("an approval that expired while its run waited for another counts no more", () => {
  const rule = approvalRule(["bob", "carol"], { count: 2, expiresMs: 60_000 });
  const it = atStop({ actions: [{ kind: "approval", approval: rule }] });
  approve(it, "bob");
  it.runFor(61_000);
  approve(it, "carol");
  it.runFor(1_000);
  assert.equal(stepOf(it), "gate-25");
  approve(it, "bob");
  it.runFor(10_000);
  assert.equal(it.router.weights.green, 250);
});

test("a freeze that comes while it waits holds it beyond its approval", () => {
  const it = atStop({ actions: [APPROVAL] });
  it.stand("dave", { kind: "freeze", reason: "a demo" }, { until: (it.now + 60_000) as never });
  approve(it, "bob");
  it.runFor(50_000);
  assert.deepEqual([stepOf(it), it.router.weights.green], ["gate-25", 50]);
  it.runFor(120_000);
  assert.ok(it.router.weights.green >= 250);
  assert.equal(it.run.plan.runtime, RUNTIME);
});
