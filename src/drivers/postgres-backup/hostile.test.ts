// Backups under attack and misfortune, with a real PostgreSQL and its real programs: databases that
// want to be something else, connections that are cut, stores and clocks that lie.

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";
import { ALICE, ASK, bench, never } from "./backups.testing.ts";
import type { Bench } from "./backups.testing.ts";
import { noOutside, startOutside } from "./outside-postgres.testing.ts";
import type { Outside } from "./outside-postgres.testing.ts";

const skip = noOutside();
let outside: Outside | null = null;
const server = async (): Promise<Outside> => (outside ??= await startOutside());
after(async () => outside?.[Symbol.asyncDispose]());

const quotedName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

let made = 0;
const database = async (content: string, named = `odd_${(made += 1)}`) => {
  const there = await server();
  await there.query("postgres", `create database ${quotedName(named)}`);
  await there.query(encodeURI(named), content);
  return { there, b: bench(there.url(encodeURIComponent(named))) };
};

const stateOf = async (b: Bench, verify = true) =>
  (await (await b.backups.begin(b.target, { ...ASK, verify }, never())).ended).state;

const refusal = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

const ODD: Readonly<Record<string, string>> = {
  "a child whose parent got a column later": `
    create table parent (a int); create table child (b int) inherits (parent);
    alter table parent add column c int; insert into child (a, b, c) values (1, 2, 3)`,
  "columns that are called as ours are": `
    create table sluice_t (sluice_t text, "row" int, "a""b" int);
    insert into sluice_t values ('x', 1, 2)`,
  "a table without columns": "create table none (); insert into none default values",
  "as many columns as there may be": `
    do $$ begin execute 'create table wide (' ||
      (select string_agg('c' || n || ' int', ', ') from generate_series(1, 1600) n) || ')'; end $$;
    insert into wide (c1) values (1)`,
  "a sequence, a large object, a view of a view": `
    create sequence s; select nextval('s'); select lo_from_bytea(0, 'x');
    create table t (a int); create view v as select * from t;
    create materialized view m as select * from v`,
};

for (const [what, content] of Object.entries(ODD)) {
  test(`${what}: backed up, restored, and the same`, { skip }, async () => {
    const { b } = await database(content);
    const state = await stateOf(b);
    assert.equal(state.kind, "verified", JSON.stringify(state));
  });
}

test("a table's owner cannot have us run what they like", { skip }, async () => {
  const { b } = await database(`
    create table people (a int); insert into people values (1);
    create function take(people) returns text language plpgsql as
      $$ begin raise exception 'run as %', session_user; end $$;
    create cast (people as text) with function take(people)`);
  const state = await stateOf(b);
  assert.equal(state.kind, "verified", JSON.stringify(state));
});

const NAMES = ["it's", "a b", 'q"uote', "per%cent", "sl/ash", "a=b&c", "$(id)", "--x", "ünï:@"];

for (const name of NAMES) {
  test(`a database may be called ${name}`, { skip }, async () => {
    const { b } = await database("create table one as select 1 as a", name);
    const state = await stateOf(b);
    assert.equal(state.kind, "verified", JSON.stringify(state));
  });
}

/** Until there is a row. */
const seen = async (there: Outside, what: string): Promise<void> => {
  for (let tries = 0; (await there.query("postgres", what)).length === 0; tries += 1) {
    assert.ok(tries < 1_000, `never seen: ${what}`);
    await sleep(10);
  }
};

const SLOW = `
  create function slow(a int) returns int immutable language plpgsql as
    $$ begin perform pg_sleep(0.3); return a; end $$;
  create table t as select generate_series(1, 3) as a; create index on t (public.slow(a))`;

test(
  "a connection that is cut during the test says nothing about the backup",
  { skip },
  async () => {
    const { there, b } = await database(SLOW);
    const { ended } = await b.backups.begin(b.target, ASK, never());
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
    where datname like 'sluice_scratch%' and application_name = 'pg_restore'`;
    await seen(there, cut);
    const { state } = await ended;
    assert.ok(state.kind === "stored", JSON.stringify(state));
    assert.equal(state.unproven?.code, "restore-cut-off");
  },
);

const LEADING = ["dbname=other", "hostaddr=10.0.0.1", "password=x", "service=x", "options=-c%20x"];

for (const parameter of LEADING) {
  test(`a URL with ${parameter} leads nobody elsewhere`, { skip }, async () => {
    const { b } = await database("create table one as select 1 as a");
    b.secrets.url = `${b.secrets.url}?${parameter}`;
    const state = await stateOf(b);
    assert.ok(state.kind === "failed" && state.code === "bad-database-url", JSON.stringify(state));
    assert.ok(!state.why.includes(parameter));
  });
}

test("nothing is restored under a name that the next test would drop", { skip }, async () => {
  const { b } = await database("create table one as select 1 as a");
  await stateOf(b, false);
  const [backup] = await b.backups.list(b.target, never());
  const into = { kind: "new", database: "sluice_scratch_1_00000000" } as const;
  const request = { by: ALICE, into, owners: false };
  const asked = b.backups.restore(b.target, backup?.id ?? "", request, never());
  await assert.rejects(asked, refusal("scratch-name"));
});

test(
  "more tables than a transaction has room for: they are restored all the same",
  {
    skip,
  },
  async () => {
    const { there, b } = await database("select 1");
    const [room] = await there.query(
      "postgres",
      "select 1.5 * current_setting('max_locks_per_transaction')::int * " +
        "current_setting('max_connections')::int as n",
    );
    const url = new URL(b.secrets.url).pathname.slice(1);
    for (let left = Number(room?.["n"]); left > 0; left -= 1_000) {
      await there.query(
        url,
        `do $$ begin for n in 1..500 loop
         execute format('create table t_%s_%s (id int primary key)', ${left}::text, n);
       end loop; end $$`,
      );
    }
    const state = await stateOf(b);
    assert.equal(state.kind, "verified", JSON.stringify(state));
  },
);

test("a restore that is killed half way leaves its name free", { skip }, async () => {
  const { there, b } = await database(SLOW);
  await stateOf(b, false);
  const [backup] = await b.backups.list(b.target, never());
  const name = `kept_${(made += 1)}`;
  const request = { by: ALICE, into: { kind: "new", database: name } as const, owners: false };
  const named = `select 1 from pg_database where datname = '${name}'`;
  const restore = await b.backups.restore(b.target, backup?.id ?? "", request, never());
  const busy = `select 1 from pg_stat_activity where application_name = 'pg_restore'
    and datname like 'sluice_scratch%'`;
  await seen(there, busy);
  assert.deepEqual(await there.query("postgres", named), [], "it is not there before it is whole");
  await restore.ended;
  assert.equal((await there.query("postgres", named)).length, 1);
  assert.equal((await there.query(name, "select a from t")).length, 3);
});

test("a backup that is removed while it is restored stays removed", { skip }, async () => {
  const { b } = await database(SLOW);
  await stateOf(b, false);
  const [backup] = await b.backups.list(b.target, never());
  const into = { kind: "new", database: `gone_${(made += 1)}` } as const;
  const request = { by: ALICE, into, owners: false };
  const restore = await b.backups.restore(b.target, backup?.id ?? "", request, never());
  b.bytes.held.clear();
  await restore.ended;
  assert.deepEqual([...b.bytes.held.keys()], []);
  await stateOf(b, false);
  const [again] = await b.backups.list(b.target, never());
  const verify = await b.backups.verify(b.target, again?.id ?? "", ALICE, never());
  b.bytes.held.clear();
  const { state } = await verify.ended;
  assert.ok(state.kind === "failed" && state.code === "unknown-backup", JSON.stringify(state));
  assert.deepEqual([...b.bytes.held.keys()], []);
});

test(
  "each new backup stays although a clock was ahead when others were made",
  { skip },
  async () => {
    const { b } = await database("create table one as select 1 as a");
    const target = { ...b.target, policy: { ...b.target.policy, keep: { count: 1, ageMs: null } } };
    const make = async () => (await b.backups.begin(target, ASK, never())).ended;
    const year = 365 * 86_400_000;
    b.pass(year);
    const ahead = await make();
    b.pass(-year);
    await make();
    b.pass(1_000);
    const last = await make();
    const ids = (await b.backups.list(target, never())).map(({ id }) => id);
    assert.deepEqual(ids, [ahead.id, last.id]);
  },
);

test(
  "where age decides, a clock that jumps ahead lets nothing go, and it is told",
  { skip },
  async () => {
    const { b } = await database("create table one as select 1 as a");
    const keep = { count: 1, ageMs: 86_400_000 };
    const target = { ...b.target, policy: { ...b.target.policy, keep } };
    const make = async () => (await b.backups.begin(target, ASK, never())).ended;
    const first = await make();
    b.pass(1_000);
    const second = await make();
    b.pass(365 * 86_400_000);
    const ahead = await make();
    const ids = (await b.backups.list(target, never())).map(({ id }) => id);
    assert.deepEqual(ids, [ahead.id, second.id, first.id]);
    const told = b.records.filter(({ action }) => action === "backup.not-removed");
    assert.match(
      told[0]?.why ?? "",
      /^the clocks of this machine and of the database are 36[45]d .* apart, so nobody/u,
    );
  },
);

test(
  "a password that a killed process left goes, also where pids begin anew",
  { skip },
  async () => {
    const { b } = await database("create table one as select 1 as a");
    const long = new Date(performance.timeOrigin - 3_600_000);
    for (const pid of [process.pid, 999_999_999]) {
      const folder = join(b.workFolder, `${pid}-pass-abcdef`);
      mkdirSync(folder);
      utimesSync(folder, long, long);
    }
    await stateOf(b, false);
    assert.deepEqual(readdirSync(b.workFolder), []);
  },
);
