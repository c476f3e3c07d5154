// The queue with real workers on a real PostgreSQL: promptness, retries, dead replicas, and a
// database that goes away for a while.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";

import type pg from "pg";

import { instant } from "../core/ids.ts";
import type { RunId } from "../core/ids.ts";
import type { Queue, QueueHandlers } from "../ports/queue.ts";
import { ALICE, begin, created, idle, loaded, TASK, withEffects } from "../ports/store.testing.ts";
import { pgStore } from "./pg-store.ts";
import { openPool } from "./pool.ts";
import { presence } from "./presence.ts";
import { graphileQueue } from "./queue.ts";
import type { QueueOptions } from "./queue.ts";
import { startTestCluster } from "./testing.ts";
import type { TestDatabase } from "./testing.ts";

const PATIENCE_MS = 25_000;
const R1 = "r-1" as RunId;
const cluster = await startTestCluster();
const queues: Queue[] = [];
const children: number[] = [];

after(async () => {
  for (const pid of children) if (alive(pid)) process.kill(pid, "SIGKILL");
  await Promise.all(queues.map((queue) => queue.stop(2_000)));
  await cluster.stop();
});

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const WORLD = {
  now: () => instant(Date.now()),
  sleep: (ms: number, signal?: AbortSignal) =>
    sleep(ms, undefined, signal === undefined ? {} : { signal }).then(
      () => {},
      () => {},
    ),
};

const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < deadline, "the condition did not come true in time");
    await sleep(10);
  }
};

const NOTHING: QueueHandlers = {
  wake: async () => {},
  effect: async () => {},
  sweep: async () => {},
};

const start = async (
  { pool }: TestDatabase,
  handlers: Partial<QueueHandlers>,
  replica = "here",
  nightly: QueueOptions["nightly"] = [],
): Promise<Queue> => {
  const log = { debug: () => {}, warn: () => {}, error: () => {} };
  const queue = graphileQueue(pool, { replica, concurrency: 4, world: WORLD, log, nightly });
  await queue.start({ ...NOTHING, ...handlers });
  queues.push(queue);
  return queue;
};

const jobs = async (pool: pg.Pool): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>(
    "select count(*)::int as count from graphile_worker.jobs",
  );
  return rows[0]?.count ?? -1;
};

// Each on a database of its own, and most of them wait.
void describe("the queue", { concurrency: 4 }, () => {
  void test("what is due is delivered, and gone once it is handled", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    const woken: RunId[] = [];
    const queue = await start(database, { wake: async (run) => void woken.push(run) });
    await created(stores);
    await until(() => woken.length === 1);
    assert.deepEqual(woken, [R1]);
    await until(async () => (await jobs(database.pool)) === 0);
    await queue.stop(2_000);
  });

  void test("a wake-up in the future comes then and not before", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    const pass = await created(stores);
    const due = Date.now() + 700;
    await stores.runs.commit({
      ...idle(pass),
      decision: { ...idle(pass).decision, wakeAt: instant(due) },
    });
    let wokenAt = 0;
    const queue = await start(database, { wake: async () => void (wokenAt = Date.now()) });
    await until(() => wokenAt > 0);
    assert.ok(wokenAt >= due, `${due - wokenAt} ms early`);
    await queue.stop(2_000);
  });

  void test("a word said while its run is being looked at wakes it again", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    const seen: number[] = [];
    const queue = await start(database, {
      wake: async (run) => {
        const pass = await loaded(stores, run);
        seen.push(pass.facts.length);
        if (seen.length === 1) {
          await stores.runs.say(run, ALICE, WORLD.now(), { kind: "resume" });
        }
        const commit = idle(pass, WORLD.now());
        const wakeAt = instant(Date.now() + 3_600_000);
        await stores.runs.commit({ ...commit, decision: { ...commit.decision, wakeAt } });
      },
    });
    await created(stores);
    await until(() => seen.includes(1));
    await queue.stop(2_000);
  });

  void test("a once effect is handed out by its id", async () => {
    const database = await cluster.database();
    const ids = await withEffects(pgStore(database.pool), TASK);
    const handed: string[] = [];
    const queue = await start(database, { effect: async (id) => void handed.push(id) });
    await until(() => handed.length === 1);
    assert.deepEqual(handed, ids);
    await queue.stop(2_000);
  });

  void test("a handler that fails is called again, a little later each time", async () => {
    const database = await cluster.database();
    const times: number[] = [];
    const queue = await start(database, {
      wake: async () => {
        times.push(Date.now());
        if (times.length < 3) throw new Error("not yet");
      },
    });
    await created(pgStore(database.pool));
    await until(() => times.length === 3);
    const [first = 0, second = 0, third = 0] = times;
    assert.ok(second - first >= 490 && third - second >= 990, times.join());
    await until(async () => (await jobs(database.pool)) === 0);
    await queue.stop(2_000);
  });

  void test("a wake-up that got lost is found again", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    await created(stores);
    await database.pool.query("select graphile_worker.remove_job('r-1')");
    let woken = 0;
    // The run was to be looked at long ago, as the test's clock goes.
    const queue = await start(database, { wake: async () => void (woken += 1) });
    await until(() => woken > 0);
    await queue.stop(2_000);
  });

  void test("what a killed replica held goes to another within seconds", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    await stores.runs.commit(begin(await created(stores)));
    const child = await holdJob(database.config);
    await until(async () => {
      const held = "select from graphile_worker.jobs where locked_by is not null";
      return (await database.pool.query(held)).rowCount === 1;
    });
    let woken = 0;
    const queue = await start(database, { wake: async () => void (woken += 1) }, "other");
    await sleep(1_500);
    assert.equal(woken, 0, "a living replica keeps what it has");
    process.kill(child, "SIGKILL");
    const killedAt = performance.now();
    await until(() => woken > 0);
    const tookMs = performance.now() - killedAt;
    assert.ok(tookMs < 15_000, `took ${tookMs} ms`);
    await queue.stop(2_000);
  });

  void test("two replicas share the work and no wake-up is lost", async () => {
    const database = await cluster.database();
    const stores = pgStore(database.pool);
    const left = new Map<string, number>();
    const handler = (name: string) => async (run: RunId) => {
      const pass = await loaded(stores, run);
      const committed = await stores.runs.commit(idle(pass, instant(Date.now() - 1_000)));
      if (committed.kind === "committed") left.set(run, (left.get(run) ?? 0) + 1);
      by.add(name);
    };
    const by = new Set<string>();
    const first = await start(database, { wake: handler("one") }, "one");
    const second = await start(database, { wake: handler("two") }, "two");
    const ids = Array.from({ length: 6 }, (_, i) => `r-${i}`);
    for (const id of ids) await created(stores, id);
    await until(() => ids.every((id) => (left.get(id) ?? 0) >= 10) && by.size === 2);
    await Promise.all([first.stop(3_000), second.stop(3_000)]);
  });

  void test("a night that nobody was there for is made up for, by one replica, once", async () => {
    const database = await cluster.database();
    await database.pool.query(
      `insert into graphile_worker._private_known_crontabs (identifier, known_since)
       values ('tidy-up', now() - interval '3 days')`,
    );
    const done: string[] = [];
    const nightly = (name: string) => [
      { task: "tidy-up", handle: async () => void done.push(name) },
    ];
    const first = await start(database, {}, "one", nightly("one"));
    const second = await start(database, {}, "two", nightly("two"));
    await until(() => done.length > 0);
    await until(async () => (await jobs(database.pool)) === 0);
    assert.equal(done.length, 1);
    await Promise.all([first.stop(2_000), second.stop(2_000)]);
  });

  void test("a replica that signs out while it still connects keeps no connection", async () => {
    const { config } = await cluster.database();
    const pool = openPool(config, { max: 2, onLost: () => {} });
    const here = presence(pool, "brief");
    const beat = here.beat([], WORLD.now());
    await here.end();
    let over = false;
    void pool.end().then(() => (over = true));
    await until(() => over);
    await beat;
  });
});

/** A replica that never finishes what it took. */
const holdJob = async (config: pg.ClientConfig): Promise<number> => {
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    import { graphileQueue } from ${module("./queue.ts")};
    import { openPool } from ${module("./pool.ts")};
    import { setTimeout as sleep } from "node:timers/promises";
    const pool = openPool(${JSON.stringify(config)}, { max: 8, onLost: () => {} });
    const log = { debug() {}, warn() {}, error() {} };
    const world = { now: () => Date.now(), sleep: (ms) => sleep(ms) };
    const options = { replica: "doomed", concurrency: 2, world, log, nightly: [] };
    const queue = graphileQueue(pool, options);
    const never = () => new Promise(() => {});
    await queue.start({ wake: never, effect: never, sweep: async () => {} });
    console.log("ready");`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child.pid ?? 0);
  await once(child.stdout, "data");
  return child.pid ?? 0;
};

void test("the queue outlives a database that goes away, and goes on by itself", async () => {
  const database = await cluster.database();
  const stores = pgStore(database.pool);
  const woken: string[] = [];
  const queue = await start(database, {
    wake: async (run) => {
      woken.push(run);
      await loaded(stores, run);
    },
  });
  await created(stores, "r-before");
  await until(() => woken.length === 1);
  await cluster.cut(3_000);
  await until(async () => {
    const made = await created(stores, "r-after").catch(() => null);
    return made !== null;
  });
  await until(() => woken.includes("r-after"));
  const began = performance.now();
  await queue.stop(5_000);
  assert.ok(performance.now() - began < 5_500);
});
