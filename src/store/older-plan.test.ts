// What versions before gates had rules left in the database, and what this one makes of it.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { canonicalJson } from "../core/canonical-json.ts";
import { Rehearsal, RUNTIME } from "../core/decide.testing.ts";
import type { RunId } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import { sha256Hex } from "../core/sha256.ts";
import { ALICE, loaded, newRun, T0 } from "../ports/store.testing.ts";
import { presentPlan } from "./older-plan.ts";
import type { OlderPlan } from "./older-plan.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const APPROVAL = { from: ["bob"], count: 1, notAuthor: true, expiresMs: null };
const MIGRATE = {
  kind: "task",
  id: "deploy-migrate",
  title: "migrate",
  task: { kind: "command", command: ["./migrate"], env: {} },
  deadlineMs: 60_000,
  repeatable: false,
  onUnknown: "hold",
  attempts: 1,
};
const metric = (comparison: string, value: number, forMs: number, text: string) => ({
  kind: "metric",
  metric: "errorRate",
  comparison,
  bound: { kind: "absolute", value },
  forMs,
  text,
});

/** As the version before this one wrote it, to the byte: its hash says so. */
const OLDER = {
  service: "hello",
  environment: "production",
  release: { id: "hello@1.1", artifact: "sha256:1.1", author: "alice" },
  from: null,
  playbook: "test",
  strategy: "rolling",
  steps: [
    {
      kind: "gate",
      id: "before-approval-1",
      title: "approval by 1 of bob",
      approval: APPROVAL,
    },
    MIGRATE,
    {
      kind: "prepare",
      id: "prepare-100",
      title: "bring up 4 of 4 instances of 1.1",
      role: "candidate",
      release: "hello@1.1",
      instances: 4,
      withinMs: 60_000,
    },
    {
      kind: "shift",
      id: "shift-100",
      title: "shift 100 % of traffic to the candidate",
      candidate: 1000,
      withinMs: 10_000,
    },
    {
      kind: "bake",
      id: "stability",
      title: "watch at full traffic",
      forMs: 30_000,
      gates: [metric("<", 1, 0, "errorRate < 1%")],
      patienceMs: 60_000,
      onPatienceEnd: "back",
      holdForMs: 60_000,
      onHoldEnd: "back",
    },
  ],
  triggers: [metric(">", 5, 10_000, "errorRate > 5% for 10s")],
  analysis: {
    intervalMs: 5_000,
    windowMs: 30_000,
    minRequests: 10,
    baseline: { from: "stable", windowMs: 60_000 },
  },
  instances: 4,
  runtime: RUNTIME,
  fromRuntime: null,
  route: {
    listen: "127.0.0.1:8080",
    sticky: null,
    timeouts: { connectMs: 1_000, responseMs: 1_000, idleMs: 1_000 },
  },
  rollback: { keepFailedMs: 60_000, withinMs: 300_000 },
  readyWithinMs: 60_000,
  shiftWithinMs: 10_000,
  onNewer: "queue",
  notify: [],
  promotesTo: [],
  hash: "sha256:9ae55471e5f86d21cf7ea05107b2836dd9283e9f8aa0057b5b0215ec17785ce1",
} as unknown as OlderPlan;

const R1 = "r-1" as RunId;

void test("a plan of before keeps its hash, its steps and their places", () => {
  const { hash, ...body } = OLDER;
  assert.equal(hash, `sha256:${sha256Hex(canonicalJson(body))}`);
  const plan = presentPlan(OLDER);
  assert.equal(plan.hash, hash);
  assert.deepEqual(
    plan.steps.map(({ id }) => id),
    OLDER.steps.map(({ id }) => id),
  );
  const [gate, task] = plan.steps;
  assert.ok(gate?.kind === "gate" && task?.kind === "task");
  const approval = { ...APPROVAL, groups: [], asks: [] };
  assert.deepEqual(gate.rules, [{ id: "approval-1", kind: "approval", approval }]);
  assert.deepEqual([task.undo, task.migration], [null, null]);
  assert.deepEqual([plan.rollback.tier, plan.onFreeze, plan.calendars], ["immediate", "hold", []]);
});

void test("a plan of now is the very same", () => {
  const plan = presentPlan(OLDER);
  assert.equal(presentPlan(plan), plan);
});

void test("a run of before waits for its approval as long as it takes, and ends well", () => {
  const it = new Rehearsal(presentPlan(OLDER));
  it.runFor(30 * 86_400_000);
  assert.equal(it.run.state.kind, "forward");
  const { hash: planHash } = OLDER;
  const approval = { kind: "approval", planHash, verdict: "approve", reason: null } as const;
  it.say("bob", { ...approval, step: "before-approval-1", answers: {} });
  it.runFor(3_600_000);
  assert.deepEqual(it.run.settled?.outcome, "succeeded");
});

void test("whatever reads a run, a plan or a word of before sees them as of now", async () => {
  const { pool } = await cluster.database();
  const writer = pgStore(pool);
  await writer.runs.create(newRun(R1, { plan: OLDER as unknown as Plan }));
  const word = { kind: "rollback", to: null, reason: "bad", tier: "full" } as const;
  await writer.runs.say(R1, ALICE, T0, word);
  await pool.query("update sluice.runs set state = state - 'noReturn'");
  await pool.query("update sluice.runs set origin = origin - 'emergency'");
  await pool.query("update sluice.facts set body = body - 'tier'");
  const stores = pgStore(pool);
  const { run, facts } = await loaded(stores, R1);
  assert.deepEqual(run.plan, presentPlan(OLDER));
  assert.deepEqual([run.noReturn, run.origin.emergency], [null, null]);
  assert.deepEqual(facts.map((fact) => fact.kind === "rollback" && fact.tier), ["immediate"]);
  const filter = { service: null, environment: null, state: null, limit: 1 };
  assert.deepEqual(await stores.history.list(filter), [run]);
  assert.deepEqual(await stores.history.lastPlan(run), run.plan);
});

void test("definitions of before are those of now without what they could not say", async () => {
  const { pool } = await cluster.database();
  const { definitions } = pgStore(pool);
  const task = { ...MIGRATE, name: "migrate" };
  const deploy = { kind: "strategy", strategy: { kind: "recreate" } };
  const takes = { from: { kind: "release" }, how: "manual", approval: APPROVAL };
  const older = {
    services: [],
    environments: [{ name: "production", tier: "production", takes }],
    playbooks: [
      {
        name: "test",
        before: [{ kind: "approval", approval: APPROVAL }],
        deploy: [task, deploy],
        after: [],
        rollback: { when: [], keepFailedMs: 0, withinMs: 1 },
        onNewer: "queue",
        notify: [],
      },
    ],
  };
  await pool.query(
    `insert into sluice.definition_sets values (1, $1, '[]', 'hash', 'alice', 0)`,
    [JSON.stringify(older)],
  );
  const current = await definitions.current();
  const approval = { ...APPROVAL, groups: [], asks: [] };
  assert.deepEqual(current?.environments[0]?.takes, {
    ...takes,
    approval,
    calendar: null,
    emergency: null,
  });
  assert.deepEqual(current?.playbooks[0], {
    ...older.playbooks[0],
    withinMs: null,
    before: [{ kind: "approval", approval }],
    deploy: [{ ...task, undo: null, migration: null }, deploy],
    rollback: { when: [], keepFailedMs: 0, withinMs: 1, tier: "immediate" },
    onFreeze: "hold",
  });
  assert.deepEqual([current.calendars, current.checklists, current.groups], [[], [], []]);
});
