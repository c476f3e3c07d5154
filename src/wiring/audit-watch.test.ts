// Somebody rewrites history, and the next night tells: in the log, in the control chain, as health.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import type pg from "pg";
import { ALICE, T0, begin, created } from "../ports/store.testing.ts";
import { notedVerdict } from "../store/noted-verdict.ts";
import { pgStore } from "../store/pg-store.ts";
import { startTestCluster } from "../store/testing.ts";
import { auditWatch } from "./audit-watch.ts";
import type { AuditWatch } from "./audit-watch.ts";
import { planeHealth } from "./plane-health.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

interface Watched {
  readonly pool: pg.Pool;
  readonly watch: AuditWatch;
  readonly lines: string[];
}

const watched = async (): Promise<Watched> => {
  const { pool } = await cluster.database();
  const stores = pgStore(pool);
  await stores.runs.commit(begin(await created(stores)));
  const lines: string[] = [];
  const at = (level: string) => (_: object, text: string) => void lines.push(`${level} ${text}`);
  const log = { info: at("info"), error: at("error") } as unknown as Parameters<
    typeof auditWatch
  >[0]["log"];
  const noted = () => notedVerdict(pool);
  const world = { now: () => T0 };
  return { pool, watch: auditWatch({ audit: stores.audit, noted, world, log }), lines };
};

/** As the owner of the database can. */
const rewrite = async (pool: pg.Pool, by: string): Promise<void> => {
  await pool.query("alter table sluice.audit disable trigger all");
  const second = "where chain <> 'control' and seq = 1";
  await pool.query(`update sluice.audit set said_by = '${by}' ${second}`);
  await pool.query("alter table sluice.audit enable trigger all");
};

const health = async (pool: pg.Pool) => {
  const database = {
    ping: async () => {},
    clock: async () => Date.now(),
    notedVerdict: () => notedVerdict(pool),
  };
  const keeper = { trouble: () => null };
  const { ready, checks } = await planeHealth(database, keeper, { broken: () => new Map() })();
  return { ready, audit: checks.find(({ name }) => name === "audit") };
};

const WHEN = new Date(T0).toISOString();

void test("whole chains are verified every night, and that is on record", async () => {
  const { pool, watch, lines } = await watched();
  assert.deepEqual((await health(pool)).audit?.detail, "not verified yet");
  await watch.nightly();
  await watch.nightly();
  assert.deepEqual(lines, ["info the audit chains are whole", "info the audit chains are whole"]);
  const { audit } = await health(pool);
  assert.deepEqual(audit, { name: "audit", ok: true, detail: `whole, as of ${WHEN}` });
});

void test("a broken chain is logged and not healthy, until it is found whole again", async () => {
  const { pool, watch, lines } = await watched();
  await rewrite(pool, "mallory");
  await watch.nightly();
  assert.deepEqual(lines, ["error the audit chain is broken"]);
  const detail = `record 1 of hello.production was changed after it was written, as of ${WHEN}`;
  const broken = { ready: true, audit: { name: "audit", ok: false, detail } };
  assert.deepEqual(await health(pool), broken);
  await rewrite(pool, ALICE);
  assert.equal((await watch.asked()).verified, true);
  assert.equal((await health(pool)).audit?.ok, true);
});

void test("asking notes nothing that is known", async () => {
  const { pool, watch } = await watched();
  await watch.asked();
  assert.equal(await notedVerdict(pool), null);
});
