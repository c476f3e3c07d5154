// Somebody who owns the database rewrites history. The database itself says no; where that is got
// around, verification names the first bad record.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import type pg from "pg";

import { verifyAnchors, verifyChain } from "../core/audit-verify.ts";
import type { AuditFault } from "../core/audit-verify.ts";
import type { RunId } from "../core/ids.ts";
import { ALICE, begin, created, end, goOn, loaded, T0 } from "../ports/store.testing.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const CHAIN = "hello.production";
const R1 = "r-1" as RunId;

const written = async (): Promise<pg.Pool> => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  await stores.runs.commit(begin(await created(stores)));
  for (let step = 1; step < 4; step += 1) {
    await stores.runs.commit(goOn(await loaded(stores, R1), step));
  }
  await stores.runs.say(R1, ALICE, T0, { kind: "hold", reason: "look" });
  await stores.runs.commit(end(await loaded(stores, R1)));
  return pool;
};

const verify = async (pool: pg.Pool): Promise<AuditFault | null> => {
  const { audit } = pgStore(pool);
  const chain = await audit.read(CHAIN, 0, 1_000);
  const control = await audit.read("control", 0, 1_000);
  const hashes = new Map(chain.map((record) => [record.seq, record.hash]));
  return (
    verifyChain(CHAIN, chain) ??
    verifyChain("control", control) ??
    verifyAnchors(control, (_, seq) => hashes.get(seq))
  );
};

/** As the owner of the database can. */
const tamper = async (pool: pg.Pool, text: string): Promise<void> => {
  await pool.query("alter table sluice.audit disable trigger all");
  await pool.query(text);
  await pool.query("alter table sluice.audit enable trigger all");
};

void test("an untouched chain verifies", async () => {
  assert.equal(await verify(await written()), null);
});

void test("records can be neither changed nor deleted nor emptied away", async () => {
  const pool = await written();
  for (const text of [
    "update sluice.audit set why = 'another'",
    "delete from sluice.audit",
    "truncate sluice.audit",
  ]) {
    await assert.rejects(pool.query(text), /append-only/, text);
  }
  assert.equal(await verify(pool), null);
});

void test("a changed record is named", async () => {
  const pool = await written();
  const where = `where seq = 3 and chain = '${CHAIN}'`;
  await tamper(pool, `update sluice.audit set said_by = 'bob' ${where}`);
  assert.deepEqual(await verify(pool), { kind: "wrong-hash", chain: CHAIN, seq: 3 });
});

void test("a record that was changed and sealed anew is found by the one behind it", async () => {
  const pool = await written();
  await tamper(pool, `update sluice.audit set hash = repeat('a', 64) where seq = 2`);
  assert.deepEqual(await verify(pool), { kind: "wrong-hash", chain: CHAIN, seq: 2 });
});

void test("a missing record is named", async () => {
  const pool = await written();
  await tamper(pool, "delete from sluice.audit where seq = 4 and chain <> 'control'");
  assert.deepEqual(await verify(pool), { kind: "gap", chain: CHAIN, seq: 4 });
});

void test("a chain that was cut off at its end differs from what was noted of it", async () => {
  const pool = await written();
  const { rows } = await pool.query<{ seq: number }>(
    `select max(seq)::int as seq from sluice.audit where chain = '${CHAIN}'`,
  );
  const last = rows[0]?.seq ?? 0;
  await tamper(pool, `delete from sluice.audit where seq = ${last} and chain = '${CHAIN}'`);
  assert.deepEqual(await verify(pool), { kind: "wrong-anchor", chain: CHAIN, seq: last });
});
