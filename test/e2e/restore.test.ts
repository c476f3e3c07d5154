// A rollback that puts a database back as it was before the release: with a real PostgreSQL beside
// Sluice and its real programs, and a control plane that is killed in the middle of it.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
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
import { applyDefinitions, assertServes, done, release, runWhen, settled } from "./steering.ts";
import { until } from "./waiting.ts";

const WAIT_MS = 60_000;
/** Nothing goes back behind its migration by itself. */
const CONTRACTING = {
  keep: 1,
  backup: { undo: "restore" },
  phase: "contract",
  after: [{ manual: { name: "look", instructions: "Look at it.", from: ["alice"] } }],
} as const;

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
    await applyDefinitions(plane, carefulShop({ outside, port, ...CONTRACTING }));
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
  const orders = (database: string): Promise<unknown> => ordersIn(outside, database);
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

  test("what it waits for a person with is mended, and it is begun once more", async () => {
    await outside.query("app", `delete from orders where id > ${ALL}`);
    await fill();
    const id = await release(plane, "shop", "1.3.0");
    const { id: run } = await atLook(id);
    // What is there cannot be restored, so no proven backup of it comes about.
    const fits = (what: boolean): string =>
      `create or replace function fits(int) returns boolean language sql as 'select ${what}'`;
    await outside.query("app", fits(true));
    await outside.query("app", "create table odd (id int check (fits(id)))");
    await outside.query("app", "insert into odd values (1)");
    await outside.query("app", fits(false));
    done(await plane.cli(["rollback", "shop", "live", "--tier", "full", "--reason", "gone"]));
    const stuck = await runWhen(
      plane,
      LANE,
      id,
      "waiting for a person",
      ({ asks }) => asks.some(({ kind }) => kind === "again"),
      WAIT_MS,
    );
    assert.match(JSON.stringify(stuck.because), /could not be backed up before/);
    const [ask] = stuck.asks;
    assert.ok(ask?.kind === "again");
    const why = done(await plane.cli(["why", run])).stdout.replaceAll(/\s+/g, " ");
    assert.match(
      why,
      new RegExp(`sluice answer ${run} ${ask.step} "what was mended" --again`, "u"),
    );
    assert.equal(await orders("app"), 10, "nothing was changed");
    await outside.query("app", "drop table odd");
    done(await plane.cli(["answer", run, ask.step, "the table is gone", "--again"]));
    assert.equal((await settled(plane, LANE, id, WAIT_MS)).outcome, "rolledBack");
    assert.equal(await orders("app"), ALL);
    assert.equal((await kept(run)).length, 1);
  });
});
