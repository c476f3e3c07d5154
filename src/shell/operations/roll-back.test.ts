// Who asks for a rollback twice gets one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import type { Actor, ReleaseId, RunId } from "../../core/ids.ts";
import { instant } from "../../core/ids.ts";
import type { Lane } from "../../core/lane.ts";
import { newRun } from "../../core/new-run.ts";
import { freshProgress } from "../../core/draft.ts";
import type { Run, RunState } from "../../core/run.ts";
import { rollbackPlan } from "../../core/rollback-plan.ts";
import type { NewRun, StoredPass } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";
import { rollBack } from "./roll-back.ts";

const BOB = "bob" as Actor;
const NOW = instant(1_000);
const FORWARD: RunState = { kind: "forward", ...freshProgress(0, NOW) };

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
    origin: { kind: of === toOlder ? "rollback" : "manual", by: BOB, reason: null },
    at: NOW,
  }),
  slots: { stable: "blue", candidate: "green" },
  touchedAt: NOW,
  ...more,
});

/** A desk with this one run active; what is asked of it is noted. */
const ask = async (active: Run, to: string | null, queued: string[] = []) => {
  const said: string[] = [];
  const created: NewRun[] = [];
  const lane = laneOf(active);
  const waiting = queued.map((version, at) => ({
    run: `r-${at + 2}` as RunId,
    seq: at + 2,
    release: release(version).id,
    urgent: true,
  }));
  const stored = { lane, waiting, effects: [], facts: [] };
  const desk = {
    world: { now: () => NOW, newId: () => "0123456789" },
    lanes: { get: async () => lane },
    catalog: { succeeded: async (_: unknown, id: ReleaseId) => ({ plan: goodPlan(id) }) },
    runs: {
      load: async (id: RunId): Promise<StoredPass> => ({ run: { ...active, id }, ...stored }),
      say: async (id: RunId) => void said.push(id),
      create: async (run: NewRun) => (created.push(run), newRun({ ...run, seq: 9 })),
    },
  } as unknown as Desk;
  const { service, environment } = lane;
  const request = { service, environment, by: BOB, reason: null };
  const run = await rollBack(desk, { ...request, to: to === null ? null : release(to).id });
  return { run: run.id, said, created: created.map((one) => one.plan.release.id) };
};

const goodPlan = (id: ReleaseId) => planOf(id.slice("hello@".length), null, playbook([CANARY]));

const nothing = { said: [], created: [] };

test("a run under way turns back, and its word is said once", async () => {
  const first = await ask(running({ state: FORWARD }), null);
  assert.deepEqual(first, { run: "r-1", said: ["r-1"], created: [] });
});

test("a run that goes back already is the answer, not a rollback past its target", async () => {
  const target = "hello@1.1" as ReleaseId;
  const back = { kind: "back" as const, outcome: "rolledBack" as const, target, steps: [] };
  const active = running({ state: { ...back, ...freshProgress(0, NOW) } });
  assert.deepEqual(await ask(active, null), { run: "r-1", ...nothing });
  assert.deepEqual(await ask(active, "1.1"), { run: "r-1", ...nothing });
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
  assert.deepEqual(await ask(active, null, ["1.0"]), { run: "r-2", ...nothing });
  assert.deepEqual(await ask(active, "1.0", ["0.9", "1.0"]), { run: "r-3", ...nothing });
});
