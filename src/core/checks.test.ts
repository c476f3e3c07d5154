// Each invariant with a decision, or a lane, that breaks it: a check that cannot fail is none.

import assert from "node:assert/strict";
import { test } from "node:test";

import { broken, DECISION_CHECKS, LANE_CHECKS } from "./checks.ts";
import type { DecisionView, LaneView } from "./checks/check.ts";
import {
  approvalRule,
  CANARY,
  planOf,
  playbook,
  Rehearsal,
  release,
  ROLLING,
  RUNTIME,
} from "./decide.testing.ts";
import { decide } from "./decide.ts";
import type { OnceEffect } from "./effect.ts";
import { later } from "./ids.ts";
import type { Actor, ReleaseId, RunId } from "./ids.ts";
import type { SlotName } from "./lane.ts";
import type { Action } from "./playbook.ts";
import type { RunState } from "./run.ts";
import { verifyStep } from "./strategies/strategy-steps.ts";

const APPROVAL: Action = {
  kind: "approval",
  approval: approvalRule(["bob", "carol"]),
};
const MANUAL: Action = { kind: "manual", name: "look", instructions: "look", from: ["bob"] };
const TASK: Extract<Action, { kind: "task" }> = {
  kind: "task",
  name: "migrate",
  task: { kind: "command", command: ["./migrate"], env: {} },
  deadlineMs: 1_000,
  repeatable: false,
  onUnknown: "hold",
  attempts: 2,
  undo: null,
  migration: null,
};

const STRANGER = "hello@6.6" as ReleaseId;

/** A canary at 5 %, its bake under way. */
const baking = (before: readonly Action[] = []): Rehearsal => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { before })));
  it.runFor(10_000);
  return it;
};

const view = (it: Rehearsal): DecisionView => {
  const snapshot = it.snapshot();
  return { run: it.run, snapshot, decision: decide(it.run, snapshot, it.now) };
};

type Forward = Extract<RunState, { kind: "forward" }>;

/** The same decision, but that the run is in this step. */
const inStep = (from: DecisionView, step: number): DecisionView => {
  const state: Forward = { ...(from.decision.run.state as Forward), kind: "forward", step };
  return { ...from, decision: { ...from.decision, run: { ...from.decision.run, state } } };
};

/** The run has left this step, which it was in. */
const leaves = (from: DecisionView, id: string): DecisionView => {
  const step = from.run.plan.steps.findIndex((one) => one.id === id);
  assert.notEqual(step, -1, id);
  const state: Forward = { ...(from.run.state as Forward), kind: "forward", step };
  return inStep({ ...from, run: { ...from.run, state } }, step + 1);
};

const withRoute = (from: DecisionView, blue: number, green: number): DecisionView => {
  const { route } = from.run.plan;
  const effects = [{ kind: "route", weights: { blue, green }, route }] as const;
  return { ...from, decision: { ...from.decision, effects } };
};

/** This order instead of whatever else was decided. */
const withApply = (
  from: DecisionView,
  slot: SlotName,
  version: string,
  instances: number,
): DecisionView => {
  const cohorts = [{ release: release(version), runtime: RUNTIME, instances }];
  const effects = [{ kind: "apply", spec: { slot, cohorts } }] as const;
  return { ...from, decision: { ...from.decision, effects } };
};

const withLane = (
  from: DecisionView,
  lane: Partial<DecisionView["decision"]["lane"]>,
): DecisionView => ({
  ...from,
  decision: { ...from.decision, lane: { ...from.decision.lane, ...lane } },
});

const withRun = (
  from: DecisionView,
  run: Partial<DecisionView["decision"]["run"]>,
): DecisionView => ({
  ...from,
  decision: { ...from.decision, run: { ...from.decision.run, ...run } },
});

const stranger = (from: DecisionView): DecisionView => {
  const { target } = from.snapshot;
  if (target.kind === "unseen") throw new Error("the rehearsal sees its target");
  const { slots } = target.value;
  const instances = slots.green.instances.map((one) => ({ ...one, release: STRANGER }));
  const value = { ...target.value, slots: { ...slots, green: { ...slots.green, instances } } };
  return { ...from, snapshot: { ...from.snapshot, target: { ...target, value } } };
};

const nothingReady = (from: DecisionView): DecisionView => {
  const { target } = from.snapshot;
  if (target.kind === "unseen") throw new Error("the rehearsal sees its target");
  const slots = { ...target.value.slots, green: { wanted: [], instances: [] } };
  return {
    ...from,
    snapshot: { ...from.snapshot, target: { ...target, value: { ...target.value, slots } } },
  };
};

const taskAgain = (from: DecisionView): DecisionView => {
  const step = {
    slot: "green",
    release: release("1.1"),
    attempt: 2,
    step: "before-migrate",
  } as const;
  const { deadlineMs, repeatable, task } = TASK;
  const body: OnceEffect = { kind: "task", ...step, deadlineMs, repeatable, task };
  return { ...from, decision: { ...from.decision, effects: [body] } };
};

const ended: RunState = { kind: "ended", outcome: "aborted", at: baking().now };
const goingBack = (from: DecisionView, target: ReleaseId): DecisionView =>
  withRun(from, {
    state: { ...(from.run.state as Forward), kind: "back", outcome: "failed", target, steps: [] },
  });

const PROBES = {
  paths: ["/"],
  through: "router",
  initialWaitMs: 0,
  attempts: 1,
  intervalMs: 1_000,
  timeoutMs: 1_000,
} as const;

const asks = (step: string): OnceEffect => {
  const task = { kind: "probe", role: "stable", through: "router", timeoutMs: 1_000 } as const;
  const of = { release: release("1.1"), slot: "blue", attempt: 1 } as const;
  const how = { deadlineMs: 1_000, repeatable: true, task: { ...task, paths: ["/"] } };
  return { kind: "task", step, ...of, ...how };
};

const unheard = (it: Rehearsal): Rehearsal => {
  it.facts = [];
  it.effects = [];
  return it;
};

/** Each check with a decision that breaks it. */
const BROKEN: Readonly<Record<string, () => DecisionView>> = {
  "weights-sum": () => withRoute(view(baking()), 900, 50),
  "capacity-before-traffic": () => withRoute(nothingReady(view(baking())), 0, 1000),
  "admitted-release": () => withRoute(stranger(view(baking())), 0, 1000),
  "weight-within-step": () => withRoute(view(baking()), 500, 500),
  "traffic-keeps-its-capacity": () => withApply(view(baking()), "blue", "1.0", 1),
  "replace-keeps-enough": () => {
    const it = new Rehearsal(planOf("1.1", "1.0", playbook([ROLLING])));
    it.pass();
    return withApply(view(it), "blue", "1.1", 4);
  },
  "admitted-instances": () => withApply(view(baking()), "green", "6.6", 4),
  "outcome-is-seen": () => {
    const one = view(baking());
    return withRun(one, { settled: { outcome: "succeeded", at: one.snapshot.takenAt } });
  },
  "held-stays": () => {
    const hold = { by: "bob" as Actor, reason: "lunch", since: baking().now };
    const one = view(baking());
    return withRun(inStep(one, one.run.plan.steps.length - 1), { hold });
  },
  "hold-lasts": () => {
    const it = baking();
    it.run = { ...it.run, hold: { by: "bob" as Actor, reason: "lunch", since: it.now } };
    return withRun(view(it), { hold: null });
  },
  "stall-pages": () => {
    const it = baking();
    const notify = [{ kind: "webhook", url: "http://localhost" }] as const;
    it.run = { ...it.run, plan: { ...it.run.plan, notify } };
    const state = it.run.state as Forward;
    return withRun(view(it), { state: { ...state, stalled: { at: it.now, why: "stuck" } } });
  },
  "steps-in-order": () => inStep(view(baking()), 0),
  "gate-admitted": () => leaves(view(unheard(baking([APPROVAL]))), "entry"),
  "frozen-stays": () => {
    const it = baking();
    it.stand("bob", { kind: "freeze", reason: "a demo" });
    return leaves(view(it), "bake-5");
  },
  "manual-answered": () => leaves(view(unheard(baking([MANUAL]))), "before-look"),
  "work-applied": () => leaves(view(unheard(baking([TASK]))), "before-migrate"),
  "bake-judged": () => leaves(view(baking()), "bake-5"),
  "shift-read-back": () => leaves(view(baking()), "shift-25"),
  "unfinished-wakes": () => {
    const one = view(baking());
    return { ...one, decision: { ...one.decision, wakeAt: null } };
  },
  "terminal-stays": () => {
    const one = view(baking());
    return { ...one, run: { ...one.run, state: ended } };
  },
  "plan-stays": () => withRun(view(baking()), { plan: planOf("1.2", "1.0", playbook([CANARY])) }),
  "only-the-active-run-touches": () => {
    const one = withLane(withRoute(view(baking()), 950, 50), { activeRun: "other" as RunId });
    const lane = { ...one.snapshot.lane, activeRun: "other" as RunId };
    return { ...one, snapshot: { ...one.snapshot, lane } };
  },
  "lane-is-taken-only-when-free": () => withLane(view(baking()), { activeRun: "other" as RunId }),
  "known-good-has-passed": () => {
    const it = baking();
    const knownGood = [{ release: it.run.plan.release.id, at: it.now }, ...it.lane.knownGood];
    return withLane(view(it), { knownGood });
  },
  "stable-is-known-good": () =>
    withLane(view(baking()), { stable: { slot: "green", release: STRANGER, instances: 1 } }),
  "back-to-stable": () => goingBack(view(baking()), STRANGER),
  "once-only": () => {
    const it = baking([TASK]);
    const lost = { kind: "unknown", why: "lost" } as const;
    it.effects = it.effects.map((record) => ({ ...record, outcome: lost }));
    return taskAgain(view(it));
  },
  "success-only-forward": () => {
    const one = goingBack(view(baking()), "hello@1.0" as ReleaseId);
    const settled = { outcome: "succeeded", at: one.snapshot.takenAt } as const;
    return { ...withRun(one, { settled }), run: one.decision.run };
  },
  "no-return-crossed": () => {
    const it = baking();
    it.run = { ...it.run, noReturn: "deploy-drop" };
    return goingBack(view(it), "hello@1.0" as ReleaseId);
  },
  "undo-in-order": () => {
    const one = goingBack(view(baking([TASK])), "hello@1.0" as ReleaseId);
    const { plan, state } = one.decision.run;
    const migrate = plan.steps.find(({ kind }) => kind === "task");
    const shift = plan.steps.find(({ kind }) => kind === "shift");
    if (state.kind !== "back" || migrate === undefined || shift === undefined) return one;
    const steps = [{ ...migrate, id: "back-undo-before-migrate" }, shift];
    return withRun(one, { state: { ...state, step: 0, steps } });
  },
  "what-is-left-never-grows": () =>
    withRoute(goingBack(view(baking()), "hello@1.0" as ReleaseId), 900, 100),
  "verified-when-back": () => {
    const one = goingBack(view(baking()), "hello@1.0" as ReleaseId);
    const { state } = one.decision.run;
    if (state.kind !== "back") return one;
    const steps = [verifyStep("back-verify", "stable", PROBES)];
    const asked = { ...one.decision, effects: [asks("back-verify")] };
    return withRun({ ...one, decision: asked }, { state: { ...state, step: 0, steps } });
  },
};

test("a decision as it should be breaks nothing, at every pass of a whole rollout", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { before: [APPROVAL, TASK] })));
  it.say("bob", {
    kind: "approval",
    step: "entry",
    planHash: it.run.plan.hash,
    verdict: "approve",
    reason: null,
    answers: {},
  });
  for (let pass = 0; pass < 200 && it.run.state.kind !== "ended"; pass += 1) {
    assert.deepEqual(broken(DECISION_CHECKS, view(it)), []);
    it.runFor(1_000);
  }
  assert.equal(it.run.settled?.outcome, "succeeded");
});

test("every invariant of a decision is known by an example that breaks it", () => {
  assert.deepEqual(
    DECISION_CHECKS.map(({ name }) => name).toSorted(),
    Object.keys(BROKEN).toSorted(),
  );
});

for (const [name, make] of Object.entries(BROKEN)) {
  test(`${name} is found broken`, () => {
    const names = broken(DECISION_CHECKS, make()).map((one) => one.name);
    assert.ok(names.includes(name), `found ${names.join(", ") || "nothing"}`);
  });
}

test("a rollback whose release is stable already leaves no step undone", () => {
  const it = new Rehearsal(planOf("1.1", "1.0", playbook([CANARY, TASK])));
  const origin = { ...it.run.origin, kind: "rollback" as const };
  it.run = { ...it.run, origin };
  const stable = { slot: "blue", release: it.run.plan.release.id, instances: 4 } as const;
  const knownGood = [{ release: stable.release, at: it.now }];
  it.lane = { ...it.lane, stable, knownGood };
  const one = view(it);
  assert.equal(one.decision.run.state.kind, "ended");
  assert.deepEqual(broken(DECISION_CHECKS, one), []);
});

const lane = (change: (view: LaneView) => Partial<LaneView>): LaneView => {
  const it = baking();
  const whole: LaneView = {
    now: it.now,
    lane: it.lane,
    runs: [{ run: it.run, wakeAt: it.now }],
    target: it.target,
    router: it.router,
  };
  return { ...whole, ...change(whole) };
};

const BROKEN_LANES: Readonly<Record<string, () => LaneView>> = {
  "one-active-run": () => lane(({ lane }) => ({ lane: { ...lane, activeRun: null } })),
  "unfinished-runs-wake": () =>
    lane(({ runs }) => ({ runs: runs.map(({ run }) => ({ run, wakeAt: null })) })),
  "next-in-queue-is-awake": () =>
    lane(({ now, lane, runs }) => ({
      lane: { ...lane, activeRun: null },
      runs: runs.map(({ run }) => ({
        run: { ...run, state: { kind: "queued" } },
        wakeAt: later(now, 60_000),
      })),
    })),
  "generations-in-order": () =>
    lane(({ router }) => ({ router: router === null ? null : { ...router, generation: 999 } })),
  "router-weights-sum": () =>
    lane(({ router }) => ({
      router: router === null ? null : { ...router, weights: { blue: 1, green: 1 } },
    })),
  "stable-release-is-known-good": () => lane(({ lane }) => ({ lane: { ...lane, knownGood: [] } })),
};

test("a lane as it should be breaks nothing", () => {
  assert.deepEqual(
    broken(
      LANE_CHECKS,
      lane(() => ({})),
    ),
    [],
  );
});

test("every invariant of a lane is known by an example that breaks it", () => {
  const names = LANE_CHECKS.map(({ name }) => name);
  assert.deepEqual(names.toSorted(), Object.keys(BROKEN_LANES).toSorted());
});

for (const [name, make] of Object.entries(BROKEN_LANES)) {
  test(`${name} is found broken`, () => {
    const names = broken(LANE_CHECKS, make()).map((one) => one.name);
    assert.deepEqual(names, [name]);
  });
}

test("an approval of the author, of a stranger, or of another plan opens no gate", () => {
  for (const [by, planHash] of [
    ["alice", null],
    ["mallory", null],
    ["bob", "sha256:other"],
  ] as const) {
    const it = baking([APPROVAL]);
    it.say(by, {
      kind: "approval",
      step: "entry",
      planHash: planHash ?? it.run.plan.hash,
      verdict: "approve",
      reason: null,
      answers: {},
    });
    const names = broken(DECISION_CHECKS, leaves(view(it), "entry")).map((one) => one.name);
    assert.deepEqual(names, ["gate-admitted"]);
  }
});
