// What stands, where the contract of all stores cannot look: several processes on one database, and
// many runs at once.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { instant } from "../core/ids.ts";
import type { RunId } from "../core/ids.ts";
import type { NewStanding } from "../ports/store.ts";
import { ALICE, created, end, loaded, newRun, planFor, T0 } from "../ports/store.testing.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const R1 = "r-1" as RunId;

const freeze = (id: string): NewStanding => ({
  id,
  by: ALICE,
  at: T0,
  from: T0,
  until: null,
  release: null,
  service: null,
  environment: null,
  body: { kind: "freeze", reason: id },
});

void test("what one process is told, the passes of another know at once", async () => {
  const { pool } = await cluster.database();
  const [here, there] = [pgStore(pool), pgStore(pool)];
  await created(here);
  const seen = async () => (await loaded(here, R1)).standing.length;
  assert.equal(await seen(), 0);
  const { seq } = await there.standing.add(freeze("f-1"));
  assert.equal(await seen(), 1);
  assert.equal(await seen(), 1);
  await there.standing.end(seq, ALICE, T0, "over");
  assert.equal(await seen(), 0);
});

void test("where a release became good by another process is known at once", async () => {
  const { pool } = await cluster.database();
  const [here, there] = [pgStore(pool), pgStore(pool)];
  await created(here);
  await here.runs.create(newRun("r-2"));
  const verifiedIn = async () => (await loaded(here, "r-2" as RunId)).verifiedIn;
  assert.deepEqual(await verifiedIn(), []);
  await there.runs.commit(end(await loaded(there, R1)));
  assert.deepEqual(await verifiedIn(), ["production"]);
});

void test("what was not committed at a first look is there at the next one", async () => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  await created(stores);
  const client = await pool.connect();
  try {
    // Somebody says it, and has not committed when the run is first looked at.
    await client.query("begin");
    await client.query(
      `insert into sluice.standing (id, kind, said_by, at, from_at, body)
       values ('f-1', 'freeze', 'alice', 0, 0, '{"kind":"freeze","reason":"x"}')`,
    );
    await client.query("update sluice.standing_version set version = version + 1");
    assert.deepEqual((await loaded(stores, R1)).standing, []);
    await client.query("commit");
  } finally {
    client.release();
  }
  assert.equal((await loaded(stores, R1)).standing.length, 1);
});

void test("of more runs than can be woken in time the oldest thousand are", async () => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  await stores.runs.create(newRun("r-0", { plan: planFor("hello", "1.0.0") }));
  await pool.query(
    `insert into sluice.runs (id, service, environment, plan_hash, release, urgent, origin,
       created_at, revision, generation, state_kind, state, wake_at)
     select 'r-' || n, service, environment, plan_hash, release, urgent, origin, created_at,
       revision, generation, state_kind, state, wake_at
     from sluice.runs, generate_series(1, 1200) n`,
  );
  await stores.standing.add({ ...freeze("f-1"), at: instant(T0 + 7) });
  const { rows } = await pool.query<{ woken: number; last: number }>(
    `select count(*)::int as woken, max(seq)::int as last from sluice.runs where wake_at = $1`,
    [T0 + 7],
  );
  assert.deepEqual(rows, [{ woken: 1_000, last: 1_000 }]);
});
