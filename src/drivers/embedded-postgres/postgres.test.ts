// The embedded PostgreSQL against everything that may have happened to it before: nothing, a clean
// stop, kill -9 of its owner, of itself, a reused process number, a second control plane.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { Refusal } from "../../core/refusal.ts";
import { layoutOf } from "../../layout/layout.ts";
import { isAlive } from "./cluster.ts";
import { startPostgres } from "./postgres.ts";
import type { EmbeddedPostgres } from "./postgres.ts";

const DEADLINE_MS = 40_000;
/** The promises are 3 s cold and 1.5 s warm on an idle machine; tests share theirs with others. */
const COLD_MS = 9_000;
const WARM_MS = 4_500;
let folder = "";
let postgres: EmbeddedPostgres | null = null;
const owners: number[] = [];

before(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-pg-"));
});
after(async () => {
  for (const pid of owners) if (isAlive(pid)) process.kill(pid, "SIGKILL");
  await postgres?.stop();
  await until(() => serverPid() === null || !isAlive(serverPid() ?? 0));
  rmSync(folder, { recursive: true, force: true });
});

const layout = () => layoutOf(join(folder, "data"));
const start = async () =>
  (postgres = await startPostgres(layout(), { signal: AbortSignal.timeout(DEADLINE_MS) }));
const startWithin = async (limitMs: number, t: TestContext) => {
  const began = performance.now();
  await start();
  const tookMs = performance.now() - began;
  t.diagnostic(`ready after ${tookMs.toFixed(0)} ms`);
  assert.ok(tookMs < limitMs, `took ${tookMs} ms`);
};
const stop = async () => {
  await postgres?.stop();
  postgres = null;
};

const serverPid = (): number | null => {
  const file = join(layout().postgres, "postmaster.pid");
  return existsSync(file) ? Number(readFileSync(file, "utf8").split("\n")[0]) : null;
};

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "the condition did not come true in time");
    await sleep(20);
  }
};

const ask = async (text: string): Promise<Record<string, unknown>> => {
  const client = new pg.Client({ ...postgres?.config, connectionTimeoutMillis: 1_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows[0] ?? {};
  } finally {
    await client.end();
  }
};

/** A control plane of its own, as far as the database is concerned. */
const startOwner = async (): Promise<number> => {
  const module = new URL("./postgres.ts", import.meta.url).href;
  const layouts = new URL("../../layout/layout.ts", import.meta.url).href;
  const script = `
    import { startPostgres } from ${JSON.stringify(module)};
    import { layoutOf } from ${JSON.stringify(layouts)};
    const signal = AbortSignal.timeout(${DEADLINE_MS});
    await startPostgres(layoutOf(${JSON.stringify(layout().dataDir)}), { signal });
    console.log("ready");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  owners.push(child.pid ?? 0);
  await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
  return child.pid ?? 0;
};

test("a cold start is quick, durable, private and without a network", async (t) => {
  await startWithin(COLD_MS, t);
  const settings = await ask(
    `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listen,
            current_setting('synchronous_commit') as commit,
            current_setting('data_checksums') as checksums, current_database() as name`,
  );
  assert.deepEqual(settings, {
    fsync: "on",
    listen: "",
    commit: "on",
    checksums: "on",
    name: "sluice",
  });
  assert.equal(statSync(layout().postgres).mode & 0o777, 0o700);
  assert.equal(statSync(postgres?.config.host ?? "").mode & 0o777, 0o700);
  await ask("create table kept (what text)");
});

test("a second control plane is refused and learns who is there", async () => {
  await assert.rejects(
    startPostgres(layout(), { signal: AbortSignal.timeout(DEADLINE_MS) }),
    (error: unknown) => {
      assert.ok(error instanceof Refusal);
      assert.equal(error.code, "data-dir-in-use");
      assert.match(error.message, new RegExp(`process id ${process.pid} .*sluice down`));
      return true;
    },
  );
  assert.deepEqual(await ask("select 1 as one"), { one: 1 });
});

test("a warm start is quicker and finds its data", async (t) => {
  await ask("insert into kept values ('it')");
  await stop();
  assert.equal(serverPid(), null);
  await startWithin(WARM_MS, t);
  assert.deepEqual(await ask("select what from kept"), { what: "it" });
});

test("a server that is killed comes back with what was committed", async () => {
  await ask("insert into kept values ('more')");
  const killed = postgres?.pid() ?? 0;
  process.kill(killed, "SIGKILL");
  await until(async () => {
    const row = await ask("select count(*)::int as count from kept").catch(() => null);
    return row?.["count"] === 2 && postgres?.pid() !== killed;
  });
  await stop();
});

test("the server ends by itself when its owner is killed", async () => {
  const owner = await startOwner();
  const server = serverPid() ?? 0;
  assert.ok(isAlive(server));
  process.kill(owner, "SIGKILL");
  await until(() => !isAlive(server));
});

test("a start right after kill -9 of the owner is as quick as any warm one", async (t) => {
  const owner = await startOwner();
  process.kill(owner, "SIGKILL");
  await startWithin(WARM_MS, t);
  assert.deepEqual(await ask("select count(*)::int as count from kept"), { count: 2 });
  await stop();
});

test("a noted process number that now belongs to somebody else is no obstacle", async () => {
  const file = join(layout().postgres, "postmaster.pid");
  writeFileSync(file, `${process.pid}\n${layout().postgres}\n1\n5432\n\n\n  1 1\nready   \n`);
  await start();
  assert.deepEqual(await ask("select count(*)::int as count from kept"), { count: 2 });
  await stop();
});

test("of two starts at once exactly one gets the directory", async () => {
  const attempts = await Promise.allSettled(
    [1, 2].map(() => startPostgres(layout(), { signal: AbortSignal.timeout(DEADLINE_MS) })),
  );
  const started = attempts.filter((one) => one.status === "fulfilled");
  await Promise.all(started.map((one) => one.value.stop()));
  assert.equal(started.length, 1);
  const refused = attempts.find((one) => one.status === "rejected");
  assert.ok(refused?.reason instanceof Refusal);
  assert.equal(refused.reason.code, "data-dir-in-use");
});

test("a cluster of another major version is refused and left alone", async () => {
  const file = join(layout().postgres, "PG_VERSION");
  const version = readFileSync(file, "utf8");
  writeFileSync(file, "13\n");
  await assert.rejects(start(), { message: /written by PostgreSQL 13/ });
  writeFileSync(file, version);
});
