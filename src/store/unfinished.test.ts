// Counted on a real PostgreSQL: stalled runs, and how late the next look is.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { later } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import type { Commit } from "../ports/store.ts";
import { T0, begin, created, loaded } from "../ports/store.testing.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";
import { unfinished } from "./unfinished.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const stalledAt = (commit: Commit): Commit => {
  const { decision } = commit;
  const { run } = decision;
  if (run.state.kind !== "forward") throw new Error("it does not go forward");
  const stalled = { at: T0, why: "somebody has to look" };
  const state: Run["state"] = { ...run.state, stalled };
  return { ...commit, decision: { ...decision, run: { ...run, state } } };
};

void test("a run that is stalled is counted, and one whose time has come is late", async () => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  assert.deepEqual(await unfinished(pool, T0), { stalled: 0, latenessMs: 0 });
  await stores.runs.commit(begin(await created(stores)));
  const begun = await loaded(stores, (await created(stores)).run.id);
  const due = later(T0, 1_000);
  assert.deepEqual(await unfinished(pool, due), { stalled: 0, latenessMs: 0 });
  await stores.runs.commit(stalledAt(begin(begun)));
  assert.deepEqual(await unfinished(pool, due), { stalled: 1, latenessMs: 0 });
  assert.deepEqual(await unfinished(pool, later(due, 1_234)), { stalled: 1, latenessMs: 1_234 });
});
