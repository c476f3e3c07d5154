// How PostgreSQL's programs are found, judged and called, on any machine: a real server, and
// programs that stand in for the real ones and note what they were told.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import pg from "pg";
import { layoutOf } from "../../layout/layout.ts";
import { startPostgres } from "../embedded-postgres/postgres.ts";
import { ASK, bench, never } from "./backups.testing.ts";
import { fakePrograms } from "./fake-programs.testing.ts";

const root = mkdtempSync(join(tmpdir(), "sluice-calls-"));
const postgres = await startPostgres(layoutOf(root), { signal: AbortSignal.timeout(60_000) });
after(async () => {
  await postgres.stop();
  rmSync(root, { recursive: true, force: true });
});

const PASSWORD = "pass:w\\ord";
const SQL = "create table one (a int); insert into one select generate_series(1, 3);";

const ask = async (database: string, text: string): Promise<void> => {
  const client = new pg.Client({ ...postgres.config, database });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};

let made = 0;
/** A fresh database, by its URL; our own server asks for no password, and is told one. */
const database = async (content: string): Promise<string> => {
  const name = `calls_${(made += 1)}`;
  await ask("postgres", `create database ${name}`);
  if (content !== "") await ask(name, content);
  const { host, port, user } = postgres.config;
  const secret = encodeURIComponent(PASSWORD);
  const at = new URL(`postgresql://${user}:${secret}@localhost/${name}`);
  at.searchParams.set("host", host);
  if (port !== undefined) at.searchParams.set("port", String(port));
  return at.href;
};

const run = async (programs: string | null, url: string, verify = true) => {
  const b = bench(url, { programs });
  const { ended } = await b.backups.begin(b.target, { ...ASK, verify }, never());
  return { state: (await ended).state, b };
};

test("each program is told what it needs, and no password on its command line", async () => {
  using programs = fakePrograms({ sql: SQL });
  const { state } = await run(programs.folder, await database(SQL));
  assert.equal(state.kind, "verified", JSON.stringify(state));
  const [dump, list, restore] = programs.calls();
  assert.deepEqual(dump?.args.slice(0, 3), [
    "--format=custom",
    "--no-password",
    "--lock-wait-timeout=60s",
  ]);
  assert.match(dump.args[3] ?? "", /^--snapshot=[0-9A-F-]+$/);
  assert.deepEqual(list?.args, ["--list"]);
  assert.deepEqual(restore?.args.slice(0, 5), [
    "--no-owner",
    "--no-acl",
    "--single-transaction",
    "--exit-on-error",
    "--no-password",
  ]);
  assert.match(restore.args[5] ?? "", /^--dbname=.*\/sluice_scratch_/);
  for (const call of programs.calls()) {
    assert.ok(!/ord|%5C/.test(call.args.join(" ").replace("--no-password", "")));
    const names = ["LC_ALL", "PATH", "PGPASSFILE"];
    assert.deepEqual(
      call.environment.filter((name) => !names.includes(name)),
      [],
    );
  }
  assert.equal(dump.password, "*:*:*:*:pass\\:w\\\\ord\n");
  assert.equal(dump.mode, "600");
});

test("a restore that holds something else is told table by table", async () => {
  using programs = fakePrograms({ sql: SQL });
  const other = "create table one (a int); insert into one values (1), (2), (4);";
  const { state } = await run(programs.folder, await database(`${other} create table two ();`));
  assert.ok(state.kind === "bad" && state.code === "backup-differs", JSON.stringify(state));
  assert.match(state.why, /public\.one has other rows; public\.two is missing/);
});

test("a dump that breaks off is no backup, and nothing of it stays", async () => {
  using programs = fakePrograms({ sql: SQL, breaksOff: true });
  const { state, b } = await run(programs.folder, await database(SQL));
  assert.ok(state.kind === "failed" && state.code === "program-failed", JSON.stringify(state));
  assert.match(state.why, /pg_dump ended with 1; it says: pg_dump: error: the server went away/);
  assert.equal(b.bytes.held.size, 1, "its manifest alone");
});

test("programs older than the server are refused, with what to do", async () => {
  using programs = fakePrograms({ version: "9.6.24" });
  const { state } = await run(programs.folder, await database(""));
  assert.ok(state.kind === "failed" && state.code === "pg-dump-too-old", JSON.stringify(state));
  assert.match(
    state.why,
    /the server is PostgreSQL 1\d.*pg_dump is 9\.6\.24.*postgresql-client-1\d/,
  );
  assert.deepEqual(programs.calls(), []);
});

test("programs that are not there are missed before anything is read", async () => {
  const { state } = await run(join(root, "nowhere"), await database(""));
  assert.ok(state.kind === "failed" && state.code === "pg-dump-missing", JSON.stringify(state));
  assert.match(state.why, /the embedded PostgreSQL does not bring them/);
});

test("a key and an address that are none are told without repeating them", async () => {
  const b = bench("mysql://u:s3cret@h/x", { programs: root });
  const { state } = await (await b.backups.begin(b.target, ASK, never())).ended;
  assert.ok(state.kind === "failed" && state.code === "bad-database-url", JSON.stringify(state));
  assert.ok(!state.why.includes("s3cret"));
  b.secrets.key = "tooshort-s3cret";
  await assert.rejects(b.backups.begin(b.target, ASK, never()), (error: Error) => {
    assert.match(error.message, /expected a key of 32 bytes/);
    return !error.message.includes("s3cret");
  });
});
