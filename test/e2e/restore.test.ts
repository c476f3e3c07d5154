// A rollback that puts a database back as it was before the release: with a real PostgreSQL beside
// Sluice and its real programs, and a control plane that is killed in the middle of it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
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
import { applyDefinitions, assertServes, done, release, runWhen, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const LANE = { service: "shop", environment: "live" };
const WAIT_MS = 60_000;
const ALL = 1_000;
const MIGRATOR = "migrator";
const SQL = "delete from orders where id > 10";

/** The migration forgets a condition, and is one behind which nothing goes back by itself. */
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
        keep: { count: 1 },
        programs: outside.folder,
        within: "2m",
      },
    },
    playbook(
      "careful",
      { blueGreen: { stability: "0s", keepWarm: "0s" } },
      {
        before: [
          { backup: { database: "main", undo: "restore" } },
          { migrate: { up: [psql, "--no-password", "-c", SQL], phase: "contract", env } },
        ],
        after: [{ manual: { name: "look", instructions: "Look at it.", from: ["alice"] } }],
      },
    ),
    service("shop", { live: { playbook: "careful", port } }),
  ];
};

describe("a rollback that restores", { skip: noOutside() }, () => {
  let plane: Plane;
  let outside: Outside;

  before(async () => {
    outside = await startOutside();
    await outside.query("postgres", "create database app");
    await outside.query("app", "create table orders (id int primary key)");
    await outside.query(
      "postgres",
      `create role ${MIGRATOR} login password '${MIGRATOR}'; alter database app owner to owner`,
    );
    await outside.query("app", `grant select, delete on orders to ${MIGRATOR}`);
    process.env["SLUICE_SECRET_BACKUP_KEY"] = randomBytes(32).toString("base64");
    process.env["SLUICE_SECRET_APP_URL"] = outside.url("app");
    const [port = 0] = await freePorts(1);
    plane = await openPlane();
    await applyDefinitions(plane, definitions(outside, port));
    const id = await release(plane, "shop", "1.0.0");
    await atLook(id);
    await looked(id);
  });
  after(async () => {
    assert.deepEqual(await plane.close(), []);
    await outside[Symbol.asyncDispose]();
  });

  const fill = () =>
    outside.query(
      "app",
      `insert into orders select n from generate_series(1, ${ALL}) n on conflict do nothing`,
    );
  const orders = async (database: string): Promise<unknown> =>
    (await outside.query(database, "select count(*)::int as n from orders"))[0]?.["n"];
  const kept = async (run: string): Promise<readonly unknown[]> => {
    const prefix = `app_before_${run.replaceAll("-", "_")}`;
    const found = await outside.query(
      "postgres",
      `select datname from pg_database where starts_with(datname, '${prefix}')`,
    );
    return found.map((row) => row["datname"]);
  };
  const backups = async (): Promise<readonly BackupView[]> =>
    (JSON.parse(done(await plane.cli(["backup", "list", "main", "--json"])).stdout) as BackupList)
      .backups;
  const atLook = (id: string) =>
    runWhen(plane, LANE, id, "looked at", (run) =>
      run.steps.some((one) => one.id === "after-look" && one.state === "active"),
    );
  const looked = async (id: string): Promise<void> => {
    const { id: run } = await atLook(id);
    done(await plane.cli(["answer", run, "after-look", "well"]));
    assert.equal((await settled(plane, LANE, id)).outcome, "succeeded");
  };

  test("behind a contract a person's word brings everything back", async () => {
    await fill();
    const id = await release(plane, "shop", "1.1.0");
    const { id: run } = await atLook(id);
    assert.equal(await orders("app"), 10);
    const less = await plane.cli(["rollback", "shop", "live", "--tier", "gradual", "--json"]);
    assert.match(less.stdout, /"point-of-no-return"/);
    await outside.query("app", "insert into orders values (2000)");
    const back = ["rollback", "shop", "live", "--tier", "full", "--reason", "orders are gone"];
    done(await plane.cli([...back, "--wait"]));
    assert.equal((await settled(plane, LANE, id)).outcome, "rolledBack");
    await assertServes(plane, LANE, "shop@1.0.0");
    assert.equal(await orders("app"), ALL);
    const [there, ...others] = await kept(run);
    assert.equal(others.length, 0);
    assert.equal(await orders(String(there)), 11, "what was written behind it is not lost");
    const [saved, used] = await backups();
    assert.deepEqual([saved?.run, saved?.state.kind], [run, "verified"]);
    assert.equal(used?.restored?.state.kind, "done");
    const shown = done(await plane.cli(["show", run])).stdout;
    assert.match(shown, new RegExp(`${used?.id} is in place; what was there is kept as`, "u"));
    await outside.query("app", "insert into orders values (3000)");
    await plane.cli(back);
    assert.equal(await orders("app"), ALL + 1, "asked for once more, nothing is restored twice");
    await outside.query("app", "delete from orders where id = 3000");
  });

  test("from a release that had succeeded, killed in the middle of it", async () => {
    await fill();
    const id = await release(plane, "shop", "1.2.0");
    await looked(id);
    assert.equal(await orders("app"), 10);
    const holding = new pg.Client({
      connectionString: outside.url("app"),
      application_name: "pg_dump",
    });
    await holding.connect();
    await holding.query("begin; lock table orders in access exclusive mode");
    const count = (await backups()).length;
    done(await plane.cli(["rollback", "shop", "live", "--tier", "full", "--reason", "gone"]));
    await until("what is there is being backed up", WAIT_MS, async () =>
      (await backups()).length > count ? true : null,
    );
    const comment = "select shobj_description(oid, 'pg_database') as c from pg_database";
    const said = async () =>
      (await outside.query("postgres", `${comment} where datname = 'app'`))[0]?.["c"];
    assert.match(String(await said()), /^Sluice refuses writes while it puts a backup in place/);
    await plane.kill();
    await plane.start();
    await until("it is begun again", WAIT_MS, async () =>
      (await backups()).length > count + 1 ? true : null,
    );
    await holding.query("rollback");
    await holding.end();
    const run = await settled(plane, LANE, "shop@1.0.0", WAIT_MS);
    assert.equal(run.outcome, "succeeded", JSON.stringify(run.because));
    assert.equal(await orders("app"), ALL);
    assert.equal(await said(), null, "writers are allowed again");
    await outside.query("app", "insert into orders values (5000)");
    assert.equal((await kept(run.id)).length, 1);
    assert.equal((await plane.cli(["audit", "verify"])).code, 0);
  });
});
