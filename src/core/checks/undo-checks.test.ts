// Each thing that may not happen while something is taken back, or where nothing may be.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, planOf, playbook } from "../decide.testing.ts";
import { decide } from "../decide.ts";
import type { EffectBody } from "../effect.ts";
import type { Run, RunState } from "../run.ts";
import type { RollbackTier, Step } from "../step.ts";
import { Scripted, undoable } from "../undo.testing.ts";
import type { DecisionView } from "./check.ts";
import { UNDO_CHECKS } from "./undo-checks.ts";

type Back = Extract<RunState, { kind: "back" }>;

const view = (it: Scripted): DecisionView => {
  const snapshot = it.snapshot();
  return { run: it.run, snapshot, decision: decide(it.run, snapshot, it.now) };
};

const found = (name: string, one: DecisionView): string | null => {
  const check = UNDO_CHECKS.find((other) => other.name === name);
  assert.ok(check !== undefined);
  return check.check(one);
};

const withRun = (one: DecisionView, run: Partial<Run>): DecisionView => ({
  ...one,
  decision: { ...one.decision, run: { ...one.decision.run, ...run } },
});

const withEffects = (one: DecisionView, ...effects: readonly EffectBody[]): DecisionView => ({
  ...one,
  decision: { ...one.decision, effects },
});

/** Behind a contract migration, at 5 %. */
const behind = (): Scripted => {
  const drop = undoable("drop", "full", { migration: "contract" });
  const it = new Scripted(planOf("1.1", "1.0", playbook([drop, CANARY])));
  it.runFor(10_000);
  assert.equal(it.run.noReturn, "deploy-drop");
  return it;
};

const turned = (tier: RollbackTier | null): DecisionView => {
  const it = behind();
  if (tier !== null) it.rollBack(tier);
  const one = view(it);
  const state = { ...one.run.state, kind: "back", outcome: "failed", target: null, steps: [] };
  return withRun(one, { state: state as unknown as Back });
};

test("only a full rollback that was just said turns behind the point of no return", () => {
  const name = "no-return-crossed";
  assert.match(found(name, turned(null)) ?? "", /turns back behind deploy-drop/);
  assert.match(found(name, turned("gradual")) ?? "", /turns back/);
  assert.equal(found(name, turned("full")), null);
  const old = turned("full");
  const heard = { ...old, run: { ...old.run, factsSeen: 1 } };
  assert.match(found(name, heard) ?? "", /turns back/);
});

test("the point of no return is remembered with the order, and never forgotten", () => {
  const it = new Scripted(
    planOf("1.1", "1.0", playbook([undoable("drop", "full", { migration: "contract" }), CANARY])),
  );
  const name = "no-return-crossed";
  const first = view(it);
  assert.equal(found(name, first), null);
  assert.match(found(name, withRun(first, { noReturn: null })) ?? "", /nothing remembers it/);
  assert.match(found(name, withRun(view(behind()), { noReturn: null })) ?? "", /is forgotten/);
});

test("traffic behind the point of no return does not fall below what was reached", () => {
  const one = view(behind());
  const { route } = one.run.plan;
  const to = (green: number): DecisionView =>
    withEffects(one, { kind: "route", weights: { blue: 1000 - green, green }, route });
  assert.equal(found("no-return-crossed", to(50)), null);
  assert.match(found("no-return-crossed", to(0)) ?? "", /from 50 ‰ to 0 ‰/);
});

/** On its way back over two tasks, nothing of it done. */
const goingBack = (): DecisionView => {
  const tasks = [undoable("a", "immediate"), undoable("b", "immediate")];
  const it = new Scripted(planOf("1.1", "1.0", playbook([...tasks, CANARY])));
  it.runFor(10_000);
  it.rollBack("immediate");
  return view(it);
};

const reordered = (order: readonly string[], more: Partial<Back> = {}): DecisionView => {
  const one = goingBack();
  const state = one.decision.run.state as Back;
  const steps = order.map((id): Step => {
    const step = state.steps.find((other) => other.id === id);
    return step ?? { ...(state.steps[0] as Step), id };
  });
  return withRun(one, { state: { ...state, step: 0, ...more, steps } });
};

test("undo steps come behind the traffic, and in the reverse of their doing", () => {
  const [a, b] = ["back-undo-deploy-a", "back-undo-deploy-b"];
  const name = "undo-in-order";
  assert.equal(found(name, reordered(["back-prepare", "back-shift", b, a, "back-retire"])), null);
  assert.match(found(name, reordered(["back-shift", a, b])) ?? "", /deploy-b comes after/);
  assert.match(found(name, reordered(["back-shift", a, a])) ?? "", /deploy-a comes after/);
  assert.match(found(name, reordered([b, "back-shift", a])) ?? "", /before the traffic/);
  const stranger = reordered(["back-shift", "back-undo-other"]);
  assert.match(found(name, stranger) ?? "", /not in the plan/);
});

test("what was begun already may be behind what a longer way back takes back first", () => {
  const order = ["back-undo-deploy-a", "back-undo-deploy-b"];
  assert.notEqual(found("undo-in-order", reordered(order)), null);
  assert.equal(found("undo-in-order", reordered(order, { attempts: 1 })), null);
});

test("nothing is taken back while the candidate has traffic, or while nobody sees it", () => {
  const one = goingBack();
  const { release } = one.run.plan;
  const task = { kind: "command", command: ["./undo-a"], env: {} } as const;
  const step = "back-undo-deploy-a";
  const limits = { attempt: 1, deadlineMs: 1_000, repeatable: false };
  const early = withEffects(one, { kind: "task", step, task, slot: "green", release, ...limits });
  assert.match(found("undo-in-order", early) ?? "", /while the candidate has 50 ‰/);
  const router = { kind: "unseen", at: one.snapshot.takenAt, why: "away" } as const;
  const blind = { ...early, snapshot: { ...early.snapshot, router } };
  assert.match(found("undo-in-order", blind) ?? "", /with the router unseen/);
});
