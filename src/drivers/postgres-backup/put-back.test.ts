// A database put back in its place, on a real PostgreSQL with its real programs: what was there is
// never lost, and nothing of it is touched before all is ready.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import pg from "pg";
import type { BackupProof } from "../../core/backup/backup.ts";
import type { RunId } from "../../core/ids.ts";
import { SLUICE } from "../../core/ids.ts";
import type { PutBack, PutBackRequest } from "../../ports/backups.ts";
import { ASK, bench, never } from "./backups.testing.ts";
import type { Bench } from "./backups.testing.ts";
import { noOutside, startOutside } from "./outside-postgres.testing.ts";
import type { Outside } from "./outside-postgres.testing.ts";
import { keptName } from "./swap.ts";

const skip = noOutside();
let outside: Outside | null = null;
const server = async (): Promise<Outside> => (outside ??= await startOutside());
const held: pg.Client[] = [];
after(async () => {
  for (const client of held) await client.end();
  await outside?.[Symbol.asyncDispose]();
});

const CONTENT = `
  create table orders (id int primary key, what text);
  insert into orders select n, 'order ' || n from generate_series(1, 100) n;
  alter table orders owner to web;`;

interface There {
  readonly name: string;
  readonly server: Outside;
  readonly b: Bench;
  readonly proof: BackupProof;
}

let made = 0;
const database = async (policy: Parameters<typeof bench>[1] = {}): Promise<There> => {
  const there = await server();
  if (made === 0) await there.query("postgres", "create role web login password 'web'");
  const name = `shop_${(made += 1)}`;
  await there.query("postgres", `create database ${name}`);
  await there.query(name, CONTENT);
  const b = bench(there.url(name), { programs: there.folder, ...policy });
  const { id, state } = await (await b.backups.begin(b.target, ASK, never())).ended;
  assert.ok(state.kind === "verified", JSON.stringify(state));
  b.pass(1_000);
  return { name, server: there, b, proof: { id, digest: state.contents.digest } };
};

const ask = (there: There, more: Partial<PutBackRequest> = {}): PutBackRequest => ({
  backup: there.proof,
  order: "r-1/back-undo-before-backup",
  by: SLUICE,
  run: "r-1" as RunId,
  writers: "refuse",
  ...more,
});

const putBack = (there: There, more: Partial<PutBackRequest> = {}): Promise<PutBack> =>
  there.b.backups.putBack(there.b.target, ask(there, more), never());

const count = async ({ server: there }: There, name: string): Promise<unknown> =>
  (await there.query(name, "select count(*)::int as n from orders"))[0]?.["n"];

const scratches = ({ server: there }: There) =>
  there.query("postgres", "select datname from pg_database where datname like 'sluice_scratch%'");

const standing = async ({ server: there, name }: There): Promise<unknown> =>
  (
    await there.query(
      "postgres",
      `select pg_get_userbyid(datdba) as owner, datacl::text as grants, datconnlimit as limit,
         shobj_description(oid, 'pg_database') as comment,
         (select json_agg(setconfig order by setrole) from pg_db_role_setting
          where setdatabase = d.oid) as settings
       from pg_database d where datname = '${name}'`,
    )
  )[0];

test("it is as in the backup, and what was there is backed up and kept", { skip }, async () => {
  const there = await database();
  const { name, server: s, b } = there;
  await s.query(
    name,
    `delete from orders where id > 10; create table later (a int);
     alter database ${name} set search_path = "$user", public, "Odd, one";
     alter database ${name} set statement_timeout = '7s';
     alter role web in database ${name} set work_mem = '8MB';
     alter database ${name} connection limit 30;
     comment on database ${name} is 'the shop''s';
     revoke all on database ${name} from public; grant connect on database ${name} to web;
     alter database ${name} owner to web`,
  );
  const before = await standing(there);
  const ended = await putBack(there);
  assert.ok(ended.kind === "done" && !ended.before, JSON.stringify(ended));
  assert.equal(await count(there, name), 100);
  assert.deepEqual(await standing(there), before);
  const [owner] = await s.query(
    name,
    "select tableowner as o from pg_tables where tablename = 'orders'",
  );
  assert.equal(owner?.["o"], "web");
  assert.match(ended.kept, new RegExp(`^${name}_before_r_1_[0-9a-f]{8}$`, "u"));
  assert.equal(await count(there, ended.kept), 10, "what was there is there");
  await assert.rejects(s.query(ended.kept, "delete from orders"), /read-only transaction/);
  const saved = await b.backups.get(b.target, ended.saved ?? "", never());
  assert.ok(saved?.state.kind === "verified" && saved.run === "r-1");
  assert.deepEqual([saved.state.contents.tables, saved.state.contents.rows], [2, 10]);
  const used = await b.backups.get(b.target, there.proof.id, never());
  assert.equal(used?.restored?.state.kind, "done");
  assert.deepEqual(await scratches(there), []);
  assert.deepEqual(
    b.records.map(({ action }) => action).filter((one) => one.includes("restore")),
    ["backup.restore", "backup.restored"],
  );
});

test("the same order a second time changes nothing, another order does", { skip }, async () => {
  const there = await database();
  const first = await putBack(there);
  await there.server.query(there.name, "insert into orders values (101, 'new')");
  const again = await putBack(there);
  assert.ok(again.kind === "done" && again.before && first.kind === "done");
  assert.equal(again.kept, first.kept);
  assert.equal(await count(there, there.name), 101);
  await there.server.query("postgres", `drop database ${first.kept}`);
  assert.equal((await putBack(there)).kind, "done");
  assert.equal(await count(there, there.name), 101, "also where what was kept is gone");
  const other = await putBack(there, { order: "r-2/undo-before-backup" });
  assert.ok(other.kind === "done" && !other.before, JSON.stringify(other));
  assert.equal(await count(there, there.name), 100);
});

test("two at once: one takes its place, and the other finds it done", { skip }, async () => {
  const there = await database();
  const both = await Promise.all([putBack(there), putBack(there)]);
  assert.deepEqual(
    both.map((one) => one.kind),
    ["done", "done"],
    JSON.stringify(both),
  );
  assert.equal(both.filter((one) => one.kind === "done" && one.before).length, 1);
  assert.equal(await count(there, there.name), 100);
  const kept = await there.server.query(
    "postgres",
    `select datname from pg_database where datname like '${there.name}_before%'`,
  );
  assert.equal(kept.length, 1);
  await there.server.query(there.name, "insert into orders values (101, 'written')");
  assert.deepEqual(await scratches(there), []);
});

test("writers are cut off and refused, or let go on, as it is said", { skip }, async () => {
  for (const writers of ["refuse", "allow"] as const) {
    const there = await database();
    const client = new pg.Client(there.server.url(there.name));
    let cut = false;
    client.on("error", () => (cut = true));
    await client.connect();
    let refused = 0;
    const over = new AbortController();
    const writing = (async () => {
      for (let id = 1_000; !over.signal.aborted; id += 1) {
        const sql = `insert into orders values (${id}, 'late')`;
        await there.server.query(there.name, sql).catch((error: unknown) => {
          if (String(error).includes("read-only")) refused += 1;
        });
      }
    })();
    const ended = await putBack(there, { writers });
    over.abort();
    await writing;
    assert.ok(ended.kind === "done", JSON.stringify(ended));
    assert.equal(refused > 0, writers === "refuse");
    assert.ok(cut);
    await client.end().catch(() => undefined);
    const saved = await there.b.backups.get(there.b.target, ended.saved ?? "", never());
    const rows = saved?.state.kind === "verified" ? saved.state.contents.rows : 0;
    const left = await count(there, ended.kept);
    if (writers === "refuse") assert.equal(left, rows, "the backup has all that was ever written");
    else assert.ok(Number(left) >= rows && rows >= 100);
  }
});

/** Each harms one thing; the database must then be as it was, and take writes. */
const HARMS: Readonly<Record<string, (there: There) => Promise<Partial<PutBackRequest> | void>>> = {
  "backup-damaged": async ({ proof }) => ({ backup: { ...proof, digest: "other" } }),
  "unknown-backup": async ({ proof }) => ({
    backup: { ...proof, id: "main.production.20261121-063000-zzzzzz" },
  }),
  "backup-unproven": async (there) => {
    const { b } = there;
    const { id, state } = await (
      await b.backups.begin(b.target, { ...ASK, verify: false }, never())
    ).ended;
    assert.ok(state.kind === "stored");
    return { backup: { id, digest: state.contents.digest } };
  },
  "not-backed-up-before": async ({ b }) => {
    const { put } = b.bytes;
    b.bytes.put = async (key, source, signal) => {
      if (key.endsWith("/dump")) throw new Error("the disk is full");
      return put(key, source, signal);
    };
  },
  "database-in-use": async ({ server: s, name }) => {
    const client = new pg.Client({ connectionString: s.url(name), application_name: "pg_dump" });
    client.on("error", () => undefined);
    await client.connect();
    held.push(client);
  },
};

for (const [code, harm] of Object.entries(HARMS)) {
  test(`nothing has changed where it fails: ${code}`, { skip }, async () => {
    const there = await database();
    const request = (await harm(there)) ?? {};
    const ended = await putBack(there, request);
    assert.ok(ended.kind === "failed", JSON.stringify(ended));
    assert.equal(ended.code, code, ended.why);
    assert.equal(ended.again, !["not-backed-up-before", "database-in-use"].includes(code));
    await there.server.query(there.name, "insert into orders values (101, 'new')");
    assert.equal(await count(there, there.name), 101);
    assert.deepEqual(await scratches(there), []);
    const [row] = [await standing(there)] as { comment: unknown; settings: unknown }[];
    assert.deepEqual([row?.comment, row?.settings], [null, null]);
  });
}

test("a damaged dump is found out before anybody is cut off", { skip }, async () => {
  const there = await database();
  const key = [...there.b.bytes.held.keys()].find((one) => one.endsWith("/dump")) ?? "";
  const content = Buffer.from(there.b.bytes.held.get(key) ?? []);
  content[100] = (content[100] ?? 0) ^ 1;
  there.b.bytes.held.set(key, content);
  const ended = await putBack(there);
  assert.ok(ended.kind === "failed" && ended.code === "backup-damaged", JSON.stringify(ended));
});

test("the newest backup does not push out the one that is being restored", { skip }, async () => {
  const there = await database({ keep: { count: 1, ageMs: null } });
  const ended = await putBack(there);
  assert.ok(ended.kind === "done", JSON.stringify(ended));
  const ids = (await there.b.backups.list(there.b.target, never())).map(({ id }) => id);
  assert.deepEqual(ids, [ended.saved, there.proof.id]);
});

test("what one that broke off refused is allowed again by the next", { skip }, async () => {
  const there = await database();
  const { name, server: s } = there;
  await s.query("postgres", `comment on database ${name} is 'mine'`);
  const before = await standing(there);
  const stop = new AbortController();
  let left: unknown = null;
  const { put } = there.b.bytes;
  there.b.bytes.put = async (key, source, signal) => {
    if (key.endsWith("/dump")) {
      left = await standing(there);
      stop.abort();
    }
    return put(key, source, signal);
  };
  const request = ask(there);
  assert.equal(
    (await there.b.backups.putBack(there.b.target, request, stop.signal)).kind,
    "failed",
  );
  assert.deepEqual(await standing(there), before, "it cleans up where it can");
  // As one leaves it that is killed.
  const { comment } = left as { readonly comment: string };
  assert.match(comment, /^Sluice refuses writes while/);
  await s.query("postgres", `alter database ${name} set default_transaction_read_only = 'on'`);
  await s.query("postgres", `comment on database ${name} is '${comment}'`);
  there.b.bytes.put = put;
  const ended = await putBack(there);
  assert.equal(ended.kind, "done", JSON.stringify(ended));
  assert.deepEqual(await standing(there), before);
});

test("an account that could not take the database's place is told before", { skip }, async () => {
  const there = await database();
  const { name, server: s } = there;
  await s.query(name, "grant select on orders to web");
  const url = new URL(s.url(name));
  url.username = "web";
  url.password = "web";
  there.b.secrets.url = url.href;
  const ended = await putBack(there);
  assert.ok(ended.kind === "failed" && ended.code === "database-not-ours", JSON.stringify(ended));
  assert.match(ended.why, /is not owner, whose database it is/);
});

test("kept names fit, tell orders apart, and are the same for one order", () => {
  const long = "ü".repeat(40);
  for (const name of ["app", long]) {
    const a = keptName(name, "r-0123abcd-4/back-undo-before-backup");
    assert.ok(Buffer.byteLength(a) <= 63, a);
    assert.equal(a, keptName(name, "r-0123abcd-4/back-undo-before-backup"));
    assert.notEqual(a, keptName(name, "r-0123abcd-4/back-undo-before-backup-2"));
  }
});
