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
import { environment, playbook, service } from "./definitions.ts";
import { openPlane } from "./plane.ts";
import type { Plane } from "./plane.ts";
import { freePorts } from "./ports.ts";
import { applyDefinitions, done, release, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const LANE = { service: "shop", environment: "live" };
const KEY = randomBytes(32).toString("base64");
const WAIT_MS = 30_000;
const ALL = 1_000;
/** It may delete, and its password stands in the definitions. */
const MIGRATOR = "migrator";

/** The migration forgets a condition. */
const definitions = (outside: Outside, port: number) => {
  const url = new URL(outside.url("app"));
  const env = {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: MIGRATOR,
    PGPASSWORD: MIGRATOR,
    PGDATABASE: "app",
  };
  const psql = join(outside.folder, "psql");
  return [
    environment("live"),
    { kind: "BlobStore", name: "local", folder: "backups" },
    {
      kind: "Database",
      name: "main",
      url: "secret:env/APP_URL",
      backup: {
        to: "local",
        encrypt: "secret:env/BACKUP_KEY",
        keep: { count: 2 },
        programs: outside.folder,
        within: "2m",
      },
    },
    playbook(
      "careful",
      { blueGreen: { stability: "0s", keepWarm: "0s" } },
      {
        before: [
          { backup: { database: "main" } },
          {
            migrate: {
              up: [psql, "--no-password", "-c", "delete from orders where id > 10"],
              phase: "migrate",
              env,
            },
          },
        ],
      },
    ),
    service("shop", { live: { playbook: "careful", port } }),
  ];
};

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
    await applyDefinitions(plane, definitions(outside, port));
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
    await outside[Symbol.asyncDispose]();
  });

  const orders = async (database: string): Promise<unknown> =>
    (await outside.query(database, "select count(*)::int as n from orders"))[0]?.["n"];
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
