// A backup before a migration that goes wrong: what was lost is brought back from it. With a real
// PostgreSQL beside Sluice, its real programs, and a control plane that is killed half way.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";

import type { BackupList, BackupView } from "../../src/api/contract/backups.ts";
import {
  noOutside,
  startOutside,
} from "../../src/drivers/postgres-backup/outside-postgres.testing.ts";
import type { Outside } from "../../src/drivers/postgres-backup/outside-postgres.testing.ts";
import { ALL, carefulShop, LANE, MIGRATOR, ordersIn } from "./careful-shop.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, done, release, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const KEY = randomBytes(32).toString("base64");
const WAIT_MS = 30_000;

describe("backups", { skip: noOutside() }, () => {
  let plane: Plane;
  let outside: Outside;

  before(async () => {
    outside = await startOutside();
    await outside.query("postgres", "create database app");
    await outside.query(
      "app",
      `create table orders as
         select n as id, 'order ' || n as what from generate_series(1, ${ALL}) n;
       create role ${MIGRATOR} login password '${MIGRATOR}';
       grant select, delete on orders to ${MIGRATOR}`,
    );
    process.env["SLUICE_SECRET_BACKUP_KEY"] = KEY;
    process.env["SLUICE_SECRET_APP_URL"] = outside.url("app");
    const [port = 0] = await freePorts(1);
    plane = await openPlane();
    const careful = { outside, port, keep: 2, phase: "migrate" } as const;
    await applyDefinitions(plane, carefulShop(careful));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
    await outside[Symbol.asyncDispose]();
  });

  const orders = (database: string): Promise<unknown> => ordersIn(outside, database);
  const told = async <T>(...args: readonly string[]): Promise<T> =>
    JSON.parse(done(await plane.cli([...args, "--json"])).stdout) as T;
  const listed = async (): Promise<readonly BackupView[]> =>
    (await told<BackupList>("backup", "list", "main")).backups;

  test("what a migration lost is brought back from the backup before it", async () => {
    const id = await release(plane, "shop", "1.0.0");
    const run = await settled(plane, LANE, id);
    assert.equal(run.outcome, "succeeded", JSON.stringify(run.because));
    assert.equal(await orders("app"), 10);
    const [backup, ...others] = await listed();
    assert.ok(backup !== undefined && others.length === 0);
    assert.deepEqual([backup.run, backup.state.kind], [run.id, "verified"]);
    const args = ["backup", "restore", backup.id, "--into", "new:app_before", "--wait"];
    const { restored } = await told<BackupView>(...args);
    assert.deepEqual(restored?.state.kind === "done" && restored.state.rows, ALL);
    assert.equal(await orders("app_before"), ALL);
    assert.equal(await orders("app"), 10, "the database itself is left alone");
    const again = await plane.cli(args);
    assert.equal(again.code, 5, "what is there is not overwritten");
    assert.match(again.stderr + again.stdout, /database app_before already/);
  });

  test("one that was killed half way is made again, and nothing of it stays", async () => {
    const locked = new pg.Client(outside.url("app"));
    await locked.connect();
    await locked.query("begin; lock table orders in access exclusive mode");
    const id = await release(plane, "shop", "1.1.0");
    const count = async (): Promise<number> => (await listed()).length;
    await until("it is begun", WAIT_MS, async () => ((await count()) > 1 ? true : null));
    await plane.kill();
    await plane.start();
    await until("it is begun again", WAIT_MS, async () => ((await count()) > 2 ? true : null));
    await locked.query("rollback");
    await locked.end();
    assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
    const [last] = await listed();
    assert.equal(last?.state.kind, "verified");
    const scratch = "select datname from pg_database where datname like 'sluice_scratch%'";
    assert.deepEqual(await outside.query("postgres", scratch), []);
    const files = readdirSync(join(plane.layout.dataDir, "work"));
    assert.deepEqual(
      files.filter((name) => name.includes("pass")),
      [],
    );
  });

  test("a backup by hand, and older ones go by the policy", async () => {
    const made = await told<BackupView>("backup", "create", "main", "--wait");
    assert.equal(made.state.kind, "verified");
    const good = (await listed()).filter(({ state }) => state.kind === "verified");
    assert.equal(good.length, 2);
    const verified = await told<BackupView>("backup", "verify", made.id, "--wait");
    assert.equal(verified.state.kind, "verified");
    const { code, stdout } = await plane.cli(["backup", "create", "mian", "--json"]);
    assert.equal(code, 3);
    assert.match(stdout, /"unknown-database".*did you mean main/s);
  });

  test("no secret is told anywhere, and everything is on record", async () => {
    const password = new URL(outside.url("app")).password;
    const { stdout } = done(await plane.cli(["audit", "list", "--limit", "500", "--json"]));
    const { records } = JSON.parse(stdout) as { records: { action: string }[] };
    const actions = new Set(records.map(({ action }) => action));
    for (const one of ["made", "verified", "restore", "restored", "removed"]) {
      assert.ok(actions.has(`backup.${one}`), one);
    }
    const plan = await plane.cli(["plan", "shop", "live", "1.1.0", "--json"]);
    const events = await plane.cli(["show", "shop.live", "--json"]);
    const all = [stdout, plane.words(), plan.stdout, events.stdout].join("");
    for (const secret of [KEY, password, decodeURIComponent(password)]) {
      assert.ok(!all.includes(secret));
    }
    assert.equal((await plane.cli(["audit", "verify"])).code, 0);
  });
});
