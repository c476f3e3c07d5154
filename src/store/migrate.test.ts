// Migrations: once, in order, by one process at a time, and never on a database of another version.

import assert from "node:assert/strict";
import { after, test } from "node:test";

import { Refusal } from "../core/refusal.ts";
import { migrate } from "./migrate.ts";
import { openPool } from "./pool.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
after(() => cluster.stop());

const refusedWith = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

void test("applied once, and by several processes at once as well", async () => {
  const { pool } = await cluster.database();
  await pool.query("drop schema sluice cascade");
  await pool.query("drop schema graphile_worker cascade");
  await Promise.all([migrate(pool), migrate(pool), migrate(pool)]);
  const { rows } = await pool.query<{ number: number }>(
    "select number from sluice.migrations order by number",
  );
  assert.deepEqual(
    rows.map((row) => row.number),
    rows.map((_, at) => at + 1),
  );
  assert.ok(rows.length >= 6);
});

void test("a database that a newer version has used is left alone", async () => {
  const { pool } = await cluster.database();
  await pool.query("insert into sluice.migrations values (9999, '9999-future.sql', 'abc')");
  await assert.rejects(migrate(pool), refusedWith("database-newer"));
});

void test("a database that was made from other files is left alone", async () => {
  const { pool } = await cluster.database();
  await pool.query("update sluice.migrations set checksum = 'other' where number = 2");
  await assert.rejects(migrate(pool), refusedWith("migration-changed"));
});

void test("a database that cannot be reached is refused with the reason", async () => {
  const pool = openPool("postgres://nobody@127.0.0.1:1/none", { max: 1, onLost: () => {} });
  await assert.rejects(migrate(pool), (error: unknown) => {
    assert.ok(refusedWith("database-unreachable")(error));
    assert.match(String(error), /ECONNREFUSED/);
    return true;
  });
  await pool.end();
});
