// Backups of a real PostgreSQL with its real programs: what is restored is what was there, and what
// is not the same is never called good.

import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, test } from "node:test";
import { Refusal } from "../../core/refusal.ts";
import { ALICE, ASK, bench, never } from "./backups.testing.ts";
import type { Bench } from "./backups.testing.ts";
import { noOutside, startOutside } from "./outside-postgres.testing.ts";
import type { Outside } from "./outside-postgres.testing.ts";

const skip = noOutside();
let outside: Outside | null = null;
const server = async (): Promise<Outside> => (outside ??= await startOutside());
after(async () => outside?.[Symbol.asyncDispose]());

const CONTENT = `
  create schema "Odd schema";
  create table people (id bigint primary key, name text, t numeric, at timestamptz default now());
  insert into people select n, 'person ' || n, n / 7.0, now() from generate_series(1, 5000) n;
  create table "Odd schema"."Odd ""table""" (t jsonb, b bytea);
  insert into "Odd schema"."Odd ""table""" values ('{"a": [1, 2.50]}', '\\x00ff'), (null, null);
  create table parted (k int) partition by range (k);
  create table parted_1 partition of parted for values from (0) to (10);
  insert into parted select n from generate_series(0, 9) n;
  create table empty ();
  create view seen as select name from people;
  create role other;
  alter table people owner to other;
  grant select on people to other;`;

/** Roles are the server's. */
const AGAIN = CONTENT.replace("create role other;", "");

let made = 0;
const database = async (content = ""): Promise<{ name: string; server: Outside; b: Bench }> => {
  const there = await server();
  const name = `app_${(made += 1)}`;
  await there.query("postgres", `create database ${name}`);
  await there.query(name, "set role owner; select 1");
  await there.query(name, content === "" ? "create table one as select 1 as a" : content);
  return { name, server: there, b: bench(there.url(name)) };
};

const scratches = async (there: Outside): Promise<readonly unknown[]> =>
  there.query("postgres", "select datname from pg_database where datname like 'sluice_scratch%'");

const begun = async (b: Bench, verify = true) =>
  (await b.backups.begin(b.target, { ...ASK, verify }, never())).ended;

const refusal = (code: string) => (error: unknown) =>
  error instanceof Refusal && error.code === code;

test(
  "a backup is restored, compared and called good, and leaves nothing behind",
  { skip },
  async () => {
    const { b, server: there } = await database(CONTENT);
    const { state } = await begun(b);
    assert.ok(state.kind === "verified", JSON.stringify(state));
    assert.deepEqual([state.contents.tables, state.contents.rows], [4, 5012]);
    assert.match(state.contents.serverVersion, /^\d+\./);
    assert.deepEqual(await scratches(there), []);
    assert.deepEqual(readdirSync(b.workFolder), [], "no password is left");
    assert.deepEqual(
      b.records.map(({ action }) => action),
      ["backup.made", "backup.verified"],
    );
    assert.deepEqual([...b.bytes.held.keys()].length, 3);
  },
);

test("nothing in the store can be read without the key", { skip }, async () => {
  const { b } = await database("create table people as select 'Ada Lovelace'::text as name");
  const { state } = await begun(b, false);
  assert.equal(state.kind, "stored");
  for (const [key, content] of b.bytes.held) {
    assert.ok(!content.includes("Ada") && !content.includes("people"), key);
    assert.ok(!content.includes("PGDMP"), key);
  }
  b.secrets.key = Buffer.alloc(32, 7).toString("hex");
  assert.deepEqual(await b.backups.list(b.target, never()), []);
});

test("a restore brings back what was there, into a new database", { skip }, async () => {
  const { name, b, server: there } = await database(AGAIN);
  const backup = await begun(b, false);
  await there.query(name, "update people set name = 'lost'; drop view seen");
  const request = { by: ALICE, into: { kind: "new", database: "back_1" }, owners: true } as const;
  const after = await (await b.backups.restore(b.target, backup.id, request, never())).ended;
  assert.equal(after.restored?.state.kind, "done", JSON.stringify(after.restored));
  assert.match(after.restored?.into ?? "", /^127\.0\.0\.1:\d+\/back_1$/);
  const [row] = await there.query(
    "back_1",
    "select count(*)::int as n, max(name) as name, (select pg_get_userbyid(relowner) " +
      "from pg_class where relname = 'people') as owner from people",
  );
  assert.deepEqual(row, { n: 5000, name: "person 999", owner: "other" });
  const [lost] = await there.query(name, "select max(name) as name from people");
  assert.deepEqual(lost, { name: "lost" }, "the database itself is left alone");
  const kept = await b.backups.get(b.target, backup.id, never());
  assert.deepEqual(kept, after);
});

test("what is there is never overwritten", { skip }, async () => {
  const { b } = await database();
  const { id } = await begun(b, false);
  const into = { kind: "url", url: "${secret:local/url}" } as const;
  const asked = b.backups.restore(b.target, id, { by: ALICE, into, owners: false }, never());
  await assert.rejects(asked, refusal("database-not-empty"));
});

test("a database that is there is not made anew", { skip }, async () => {
  const { name, b, server: there } = await database();
  const { id } = await begun(b, false);
  const into = { kind: "new", database: name } as const;
  const asked = b.backups.restore(b.target, id, { by: ALICE, into, owners: false }, never());
  await assert.rejects(asked, refusal("database-exists"));
  assert.deepEqual(await there.query(name, "select a from one"), [{ a: 1 }]);
});

test("a restore that fails half way leaves nothing", { skip }, async () => {
  const { b, server: there } = await database(
    "create role leaver; create table one (a int); alter table one owner to leaver",
  );
  const { id } = await begun(b, false);
  await there.query("postgres", "alter role leaver rename to gone");
  const into = { kind: "new", database: "half" } as const;
  const request = { by: ALICE, into, owners: true };
  const { restored } = await (await b.backups.restore(b.target, id, request, never())).ended;
  assert.ok(restored?.state.kind === "failed" && restored.state.code === "backup-not-restored");
  assert.match(restored.state.why, /role "leaver" does not exist/);
  const left = await there.query("postgres", "select from pg_database where datname = 'half'");
  assert.equal(left.length, 0);
});

test("a changed, swapped or lost dump is bad", { skip }, async () => {
  const { b } = await database();
  const first = await begun(b);
  const second = await begun(b);
  const keyOf = ({ id }: { id: string }) =>
    `main/production/${id.slice(id.lastIndexOf(".") + 1)}/dump`;
  const whole = b.bytes.held.get(keyOf(first)) ?? Buffer.alloc(0);
  const flipped = Buffer.from(whole);
  flipped[100] = (flipped[100] ?? 0) ^ 1;
  const harmed = [flipped, whole.subarray(0, whole.length - 1), b.bytes.held.get(keyOf(second))];
  for (const content of [...harmed, null]) {
    if (content === null || content === undefined) b.bytes.held.delete(keyOf(first));
    else b.bytes.held.set(keyOf(first), content);
    const { state } = await (await b.backups.verify(b.target, first.id, ALICE, never())).ended;
    assert.ok(state.kind === "bad" && state.code === "backup-damaged", JSON.stringify(state));
  }
});

test(
  "a scratch server that cannot be reached says nothing about the backup",
  { skip },
  async () => {
    const { b } = await database();
    const scratch = "postgresql://nobody@127.0.0.1:1/none";
    const target = { ...b.target, policy: { ...b.target.policy, scratch } };
    const { state } = await (await b.backups.begin(target, ASK, never())).ended;
    assert.ok(state.kind === "stored", JSON.stringify(state));
    assert.equal(state.unproven?.code, "database-unreachable");
  },
);

test(
  "what a killed process left is dropped by the next test, and nothing else is",
  { skip },
  async () => {
    const { b, server: there } = await database();
    const now = Date.UTC(2026, 10, 21, 6, 30, 0);
    const name = (ms: number) => `sluice_scratch_${(now + ms).toString(36)}_00000000`;
    for (const one of [name(-1), name(60_000), "sluice_scratch_mine"]) {
      await there.query("postgres", `create database "${one}"`);
    }
    await begun(b);
    const left = await scratches(there);
    assert.deepEqual(
      left.map((row) => (row as { datname: string }).datname).toSorted(),
      [name(60_000), "sluice_scratch_mine"].toSorted(),
    );
    for (const one of [name(60_000), "sluice_scratch_mine"]) {
      await there.query("postgres", `drop database "${one}"`);
    }
  },
);

test(
  "older ones go after a verified success only, and never the last good one",
  { skip },
  async () => {
    const { b, server: there, name } = await database();
    const target = { ...b.target, policy: { ...b.target.policy, keep: { count: 1, ageMs: null } } };
    const make = async (verify: boolean) => {
      b.pass(1_000);
      return (await b.backups.begin(target, { ...ASK, verify }, never())).ended;
    };
    const ids = async () => (await b.backups.list(target, never())).map(({ id }) => id);
    const first = await make(true);
    const unproven = await make(false);
    await there.query("postgres", `alter database ${name} allow_connections false`);
    const failed = await make(true);
    assert.equal(failed.state.kind, "failed");
    assert.deepEqual(await ids(), [failed.id, unproven.id, first.id]);
    await there.query("postgres", `alter database ${name} allow_connections true`);
    const last = await make(true);
    assert.deepEqual(await ids(), [last.id]);
    assert.equal(b.bytes.held.size, 3);
    assert.equal(b.records.filter(({ action }) => action === "backup.removed").length, 3);
  },
);

test("what was begun and given up is interrupted, and nothing of it stays", { skip }, async () => {
  const { b, server: there } = await database(AGAIN);
  const stop = new AbortController();
  const { ended } = await b.backups.begin(b.target, ASK, stop.signal);
  stop.abort();
  const { state } = await ended;
  assert.ok(state.kind === "failed" && state.code === "interrupted", JSON.stringify(state));
  assert.deepEqual([...b.bytes.held.keys()].length, 1, "its manifest alone");
  assert.deepEqual(await scratches(there), []);
});
