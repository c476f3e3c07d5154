// Who asks for a rollback twice gets one, as far as was asked for; and what would lose something
// has to be said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import type { EffectRecord } from "../../core/effect.ts";
import type { FactBody } from "../../core/fact.ts";
import type { Actor, Instant, ReleaseId, RunId } from "../../core/ids.ts";
import { instant } from "../../core/ids.ts";
import type { Lane } from "../../core/lane.ts";
import { newRun } from "../../core/new-run.ts";
import { freshProgress } from "../../core/draft.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Run, RunState } from "../../core/run.ts";
import { rollbackPlan } from "../../core/rollback-plan.ts";
import type { RollbackTier } from "../../core/step.ts";
import { undoable } from "../../core/undo.testing.ts";
import type { CrossedStep } from "../../ports/catalog.ts";
import type { NewRun, StoredPass } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";
import { rollBack } from "./roll-back.ts";

const BOB = "bob" as Actor;
const NOW = instant(1_000);
const FORWARD: RunState = { kind: "forward", ...freshProgress(0, NOW) };

const backTo = (version: string): RunState => ({
  kind: "back",
  outcome: "rolledBack",
  target: release(version).id,
  steps: [],
  ...freshProgress(0, NOW),
});

const plan = planOf("1.2", "1.1", playbook([CANARY]));
const toOlder = rollbackPlan({
  current: planOf("1.1", "1.0", playbook([CANARY])),
  to: { release: release("1.0"), runtime: RUNTIME },
  from: { release: release("1.1"), runtime: RUNTIME },
  keepFailedMs: 0,
});

const laneOf = (active: Run): Lane => ({
  service: plan.service,
  environment: plan.environment,
  revision: 1,
  generation: 1,
  activeRun: active.id,
  stable: { slot: "blue", release: "hello@1.1" as ReleaseId, instances: 4 },
  knownGood: ["1.1", "1.0"].map((version) => ({ release: release(version).id, at: NOW })),
  auditSeq: 0,
  auditHash: "",
});

const running = (more: Partial<Run>, of = plan): Run => ({
  ...newRun({
    id: "r-1" as RunId,
    seq: 1,
    plan: of,
    origin: {
      kind: of === toOlder ? "rollback" : "manual",
      by: BOB,
      reason: null,
      emergency: null,
    },
    at: NOW,
  }),
  slots: { stable: "blue", candidate: "green" },
  touchedAt: NOW,
  ...more,
});

interface World {
  /** Asked for: null as a tier is as good as `immediate`. */
  readonly tier?: RollbackTier | null;
  readonly now?: boolean;
  /** Versions of rollbacks that wait for the lane. */
  readonly queued?: readonly string[];
  readonly effects?: readonly EffectRecord[];
  /** Nothing is under way. */
  readonly idle?: boolean;
  /** Runs by which releases succeeded, by version; without one, by a plan of no history. */
  readonly past?: Readonly<Record<string, Run>>;
  readonly crossed?: readonly CrossedStep[];
}

/** A desk with this one run active; what is asked of it is noted. */
const ask = async (active: Run, to: string | null, world: World = {}) => {
  const { tier = null, queued = [], effects = [], past = {}, crossed = [] } = world;
  const said: FactBody[] = [];
  const created: NewRun[] = [];
  const lane = { ...laneOf(active), ...(world.idle === true ? { activeRun: null } : {}) };
  const waiting = queued.map((version, at) => ({
    run: `r-${at + 2}` as RunId,
    seq: at + 2,
    release: release(version).id,
    urgent: true,
    emergencyUntil: null,
  }));
  const stored = { lane, waiting, effects, facts: [], standing: [], verifiedIn: [] };
  const other = (id: RunId): Run =>
    Object.values(past).find((run) => run.id === id) ?? { ...active, id };
  const good = (id: ReleaseId): Run =>
    past[id.slice("hello@".length)] ?? running({ seq: 0 }, goodPlan(id));
  const desk = {
    world: { now: () => NOW, newId: () => "0123456789" },
    lanes: { get: async () => lane, waiting: async () => waiting },
    catalog: {
      succeeded: async (_: unknown, id: ReleaseId) => good(id),
      crossedSince: async () => crossed,
      hasArtifact: async () => true,
    },
    runs: {
      load: async (id: RunId): Promise<StoredPass> => ({ run: other(id), ...stored }),
      say: async (_: RunId, __: Actor, ___: Instant, fact: FactBody) => void said.push(fact),
      create: async (run: NewRun) => (created.push(run), newRun({ ...run, seq: 9 })),
    },
  } as unknown as Desk;
  const { service, environment } = lane;
  const request = { service, environment, by: BOB, reason: null, tier, now: world.now };
  const run = await rollBack(desk, { ...request, to: to === null ? null : release(to).id });
  return {
    run: run.id,
    said: said.map((fact) => fact.kind === "rollback" && fact.tier),
    created: created.map((one) => one.plan.release.id),
    plans: created.map((one) => one.plan),
    reasons: created.map((one) => one.origin.reason),
  };
};

const goodPlan = (id: ReleaseId) => planOf(id.slice("hello@".length), null, playbook([CANARY]));

const nothing = { said: [], created: [], plans: [], reasons: [] };

const refused = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

test("a run under way turns back, and its word is said once", async () => {
  const first = await ask(running({ state: FORWARD }), null);
  assert.deepEqual(first, { ...nothing, run: "r-1", said: ["immediate"] });
});

test("a run that goes back already is the answer, not a rollback past its target", async () => {
  const active = running({ state: backTo("1.1") });
  assert.deepEqual(await ask(active, null), { run: "r-1", ...nothing });
  assert.deepEqual(await ask(active, "1.1"), { run: "r-1", ...nothing });
  assert.deepEqual((await ask(active, "1.0")).created, ["hello@1.0"]);
});

test("a run that has just gone back is the answer: the good release is not left", async () => {
  const settled = { outcome: "rolledBack", at: NOW } as const;
  const active = running({ state: backTo("1.1"), settled });
  assert.deepEqual(await ask(active, null), { run: "r-1", ...nothing });
  assert.deepEqual((await ask(active, "1.0")).created, ["hello@1.0"]);
});

test("a rollback under way is the answer, and is not turned round", async () => {
  const active = running({ state: FORWARD }, toOlder);
  assert.deepEqual(await ask(active, null), { run: "r-1", ...nothing });
  assert.deepEqual(await ask(active, "1.0"), { run: "r-1", ...nothing });
  const other = await ask(active, "0.9");
  assert.deepEqual([other.said, other.created], [[], ["hello@0.9"]]);
});

test("a rollback that waits for the lane is the answer", async () => {
  const active = running({ touchedAt: null, state: FORWARD });
  assert.deepEqual(await ask(active, null, { queued: ["1.0"] }), { run: "r-2", ...nothing });
  const two = await ask(active, "1.0", { queued: ["0.9", "1.0"] });
  assert.deepEqual(two, { run: "r-3", ...nothing });
});

test("a rollback under way that takes back less than is asked for is no answer", async () => {
  const active = running({ state: FORWARD }, toOlder);
  await assert.rejects(ask(active, null, { tier: "gradual" }), refused("rollback-under-way"));
});

test("behind a point of no return only a full rollback is passed on to the run", async () => {
  const active = running({ state: FORWARD, noReturn: "deploy-drop" });
  for (const tier of [null, "immediate", "gradual"] as const) {
    await assert.rejects(ask(active, null, { tier }), refused("point-of-no-return"));
    await assert.rejects(ask(active, "1.0", { tier }), refused("point-of-no-return"));
  }
  assert.deepEqual((await ask(active, null, { tier: "full" })).said, ["full"]);
  const untouched = { ...active, touchedAt: null };
  assert.deepEqual((await ask(untouched, null, { tier: "full" })).said, ["full"]);
});

const MIGRATED = planOf("1.2", "1.1", playbook([undoable("migrate", "gradual"), CANARY]));
const done: readonly EffectRecord[] = [
  {
    effect: {
      key: {
        service: plan.service,
        environment: plan.environment,
        run: "r-1" as RunId,
        generation: 1,
        ordinal: 0,
      },
      body: {
        kind: "task",
        step: "deploy-migrate",
        attempt: 1,
        task: { kind: "command", command: ["./migrate"], env: {} },
        slot: "green",
        release: plan.release,
        deadlineMs: 1,
        repeatable: false,
      },
    },
    state: "done",
    outcome: { kind: "applied", detail: null },
  },
];

test("a run that has gone back is told to take back more, also after its outcome", async () => {
  for (const settled of [null, { outcome: "rolledBack", at: NOW } as const]) {
    const active = running({ state: backTo("1.1"), settled }, MIGRATED);
    const world = { tier: "gradual", effects: done } as const;
    assert.deepEqual((await ask(active, "1.1", world)).said, ["gradual"]);
    assert.deepEqual((await ask(active, null, world)).said, ["gradual"]);
  }
});

test("typed in again for what has been taken back already, it goes nowhere else", async () => {
  const settled = { outcome: "rolledBack", at: NOW } as const;
  const active = running({ state: backTo("1.1"), settled }, MIGRATED);
  await assert.rejects(ask(active, "1.1", { tier: "gradual" }), refused("already-stable"));
  const over = ask(active, "1.1", { tier: "gradual", idle: true, effects: done });
  await assert.rejects(over, refused("already-stable"));
});

/** 1.0, then 0.11 with a migration and a flag, then 1.1 with another flag, which is stable. */
const past = (more: Partial<Run> = {}): Readonly<Record<string, Run>> => {
  const first = [undoable("migrate", "gradual"), undoable("flag", "immediate"), CANARY];
  const second = [undoable("flag", "immediate"), undoable("cluster", "full"), CANARY];
  const settled = { outcome: "succeeded", at: NOW } as const;
  const run = (id: string, seq: number, of: Run["plan"]): Run =>
    running({ id: id as RunId, seq, settled, ...more }, of);
  return {
    "1.0": run("r-11", 11, planOf("1.0", null, playbook([CANARY]))),
    "0.11": run("r-12", 12, planOf("0.11", "1.0", playbook(first))),
    "1.1": run("r-13", 13, planOf("1.1", "0.11", playbook(second))),
  };
};

test("a rollback of its own takes back what was done since, the last done first", async () => {
  const undos = async (to: string, tier: RollbackTier) => {
    const asked = await ask(running({}), to, { idle: true, past: past(), tier });
    assert.deepEqual(asked.reasons, [null]);
    return asked.plans[0]?.steps.map(({ id }) => id);
  };
  const undo = ["undo-deploy-flag", "undo-deploy-flag-2"];
  assert.deepEqual(await undos("1.0", "immediate"), ["prepare", "shift-100", ...undo, "retire"]);
  const all = ["undo-deploy-cluster", ...undo, "undo-deploy-migrate"];
  assert.deepEqual(
    (await undos("1.0", "full"))?.toSorted(),
    ["prepare", "shift-100", ...all, "retire"].toSorted(),
  );
  assert.deepEqual(await undos("1.0", "full"), [
    "prepare",
    "shift-100",
    "undo-deploy-cluster",
    "undo-deploy-flag",
    "undo-deploy-flag-2",
    "undo-deploy-migrate",
    "retire",
  ]);
  assert.deepEqual(await undos("0.11", "gradual"), [
    "prepare",
    "shift-100",
    "undo-deploy-flag",
    "retire",
  ]);
});

test("what a rollback in between hides is not taken back, and said so", async () => {
  const runs = past();
  const hidden = { ...runs, "1.1": running({ id: "r-13" as RunId, seq: 13 }, toOlder) };
  const asked = await ask(running({}), "1.0", { idle: true, past: hidden, tier: "gradual" });
  assert.deepEqual(asked.created, ["hello@1.0"]);
  assert.deepEqual(asked.reasons, [
    "what was done before r-13 is not taken back: a rollback lies between",
  ]);
});

test("a point of no return that succeeded since is crossed only by a full rollback", async () => {
  const crossed = [{ run: "r-12" as RunId, step: "deploy-drop" }];
  const world = { idle: true, past: past(), crossed };
  for (const tier of ["immediate", "gradual"] as const) {
    const asked = ask(running({}), "1.0", { ...world, tier });
    await assert.rejects(asked, (error) => {
      assert.ok(refused("point-of-no-return")(error));
      assert.match(String(error), /r-12 began deploy-drop.*--to 1\.0 --tier full/);
      return true;
    });
  }
  const full = await ask(running({}), "1.0", { ...world, tier: "full" });
  assert.deepEqual(full.created, ["hello@1.0"]);
});

test("a point of no return that was gone back from does not count", async () => {
  const settled = { outcome: "rolledBack", at: NOW } as const;
  const crossed = [{ run: "r-12" as RunId, step: "deploy-drop" }];
  const world = { idle: true, past: past({ settled }), crossed };
  assert.deepEqual((await ask(running({}), "1.0", world)).created, ["hello@1.0"]);
});

const SHARED = playbook([CANARY], {
  rollback: {
    when: [],
    keepFailedMs: 0,
    withinMs: 300_000,
    tier: "gradual",
    traffic: { shares: [500], bakeMs: 60_000 },
  },
});

const byShares = rollbackPlan({
  current: planOf("1.1", "1.0", SHARED),
  to: { release: release("1.0"), runtime: RUNTIME },
  from: { release: release("1.1"), runtime: RUNTIME },
  keepFailedMs: 0,
  tier: "gradual",
});

const ofRollback = { kind: "rollback", by: BOB, reason: null, emergency: null } as const;

test("a way back by shares is told where all of it is wanted at once, and only then", async () => {
  const steps = byShares.steps.filter(({ kind }) => kind === "bake");
  const state = { ...backTo("1.1"), steps } as RunState;
  const active = running({ state });
  assert.deepEqual((await ask(active, null)).said, ["immediate"]);
  assert.deepEqual((await ask(active, "1.1", { tier: "gradual", now: true })).said, ["gradual"]);
  assert.deepEqual(await ask(active, null, { tier: "gradual" }), { run: "r-1", ...nothing });
});

test("a rollback by shares is told to hurry, and is not turned round", async () => {
  const active = running({ state: FORWARD, origin: ofRollback }, byShares);
  assert.deepEqual(await ask(active, null), { ...nothing, run: "r-1", said: ["immediate"] });
  assert.deepEqual(await ask(active, "1.0"), { ...nothing, run: "r-1", said: ["immediate"] });
  assert.deepEqual(await ask(active, null, { tier: "gradual" }), { run: "r-1", ...nothing });
  await assert.rejects(ask(active, null, { tier: "full" }), refused("rollback-under-way"));
});

test("a rollback by shares that waits for the lane is told to hurry as well", async () => {
  const waits = running({ id: "r-2" as RunId, touchedAt: null, origin: ofRollback }, byShares);
  const active = running({ touchedAt: null, state: FORWARD });
  const world = { queued: ["1.0"], past: { "1.0": waits } };
  assert.deepEqual((await ask(active, null, world)).said, ["immediate"]);
  assert.deepEqual((await ask(active, "1.0", { ...world, tier: "gradual" })).said, []);
});

test("a rollback of its own has shares in the tier gradual, unless it is to be now", async () => {
  const runs = { ...past(), "1.1": running({ id: "r-13" as RunId, seq: 13 }, shared()) };
  const ids = async (world: World) =>
    (await ask(running({}), "0.11", { idle: true, past: runs, ...world })).plans[0]?.steps
      .map(({ id }) => id)
      .filter((id) => id.startsWith("shift"));
  assert.deepEqual(await ids({ tier: "gradual" }), ["shift-50", "shift-100"]);
  assert.deepEqual(await ids({ tier: "gradual", now: true }), ["shift-100"]);
  assert.deepEqual(await ids({}), ["shift-100"]);
});

const shared = () => planOf("1.1", "0.11", SHARED);

test("what a rollback that is over left is refused by its steps and commands", async () => {
  const went = rollbackPlan({
    current: planOf("1.2", "1.1", playbook([CANARY])),
    to: { release: release("1.1"), runtime: RUNTIME },
    from: { release: release("1.2"), runtime: RUNTIME },
    keepFailedMs: 0,
  });
  const settled = { outcome: "succeeded", at: NOW } as const;
  const deploy = [undoable("first", "gradual"), undoable("then", "full"), CANARY];
  const runs = {
    ...past(),
    "1.1": running({ id: "r-15" as RunId, seq: 15, settled }, went),
    "1.2": running(
      { id: "r-14" as RunId, seq: 14, settled },
      planOf("1.2", "1.1", playbook(deploy)),
    ),
  };
  const world = { idle: true, past: runs };
  for (const to of [null, "1.1"]) {
    await assert.rejects(ask(running({}), to, { ...world, tier: "full" }), (error) => {
      assert.ok(refused("left-undone")(error));
      assert.match(String(error), /r-15 .*immediate.* deploy-then, deploy-first of 1\.2/);
      assert.ok(error instanceof Refusal);
      assert.match(
        error.bodies[0]?.hint ?? "",
        /\.\/undo-then, then \.\/undo-first; .*--to VERSION/,
      );
      return true;
    });
  }
  const gradual = ask(running({}), null, { ...world, tier: "gradual" });
  await assert.rejects(gradual, (error) => !/deploy-then/.test(String(error)));
  assert.deepEqual((await ask(running({}), null, world)).created, ["hello@1.0"]);
  const named = await ask(running({}), "1.0", { ...world, tier: "full" });
  assert.deepEqual(named.created, ["hello@1.0"]);
});
