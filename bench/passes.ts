// Committed passes per second, held against the raw transaction that they cannot be cheaper than:
// begin, read for update, update, insert, commit, by hand, on the same database.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

import type pg from "pg";

import { newRun, planFor } from "../src/ports/store.testing.ts";
import { pgStore } from "../src/store/pg-store.ts";
import { startTestCluster } from "../src/store/testing.ts";
import type { Line } from "./line.ts";
import type { Done, Share } from "./passes-process.ts";

const RUNS = 240;
const CONCURRENCY = 12;
/** Raw and passes take short turns, so that whatever else the machine does meets both alike: its
 * speed may change by half within seconds. */
const TURNS = 40;
const TURN_MS = 250;
/** For a process to start and to open its connections. */
const START_MS = 2_000;
/** Events of raw rows and of runs weigh about this much. */
const STATE_PADDING = "x".repeat(400);

export const benchPasses = async (): Promise<Line[]> => {
  const cluster = await startTestCluster();
  try {
    const { pool, config } = await cluster.database();
    const ids = await fill(pool);
    const lines: Line[] = [];
    for (const processes of [1, 2]) {
      const beginAt = Date.now() + START_MS;
      const shares = Array.from({ length: processes }, (_, which) => ({
        config,
        ids: ids.filter((__, at) => at % processes === which),
        concurrency: CONCURRENCY,
        beginAt,
        turns: TURNS,
        turnMs: TURN_MS,
      }));
      lines.push(lineOf(await Promise.all(shares.map(runProcess))));
    }
    return lines;
  } finally {
    await cluster.stop();
  }
};

const lineOf = (done: readonly Done[]): Line => {
  const sum = (key: keyof Done): number => done.reduce((total, one) => total + one[key], 0);
  const seconds = (TURNS / 2) * (TURN_MS / 1_000);
  return {
    bench: done.length === 1 ? "passes" : `passes-${done.length}-replicas`,
    value: Math.round(sum("passes") / seconds),
    unit: "passes/s",
    comparison: {
      what: "raw read-update-insert transactions/s",
      value: Math.round(sum("raw") / seconds),
      ratio: Number((sum("passes") / sum("raw")).toFixed(3)),
    },
    note: `${done.length * CONCURRENCY} at once on ${RUNS} runs, ${sum("conflicts")} conflicts`,
  };
};

const fill = async (pool: pg.Pool): Promise<readonly string[]> => {
  await pool.query(
    `create table raw_runs (id text primary key, revision bigint not null, state jsonb not null,
       wake_at bigint) with (fillfactor = 50)`,
  );
  await pool.query(
    `create table raw_events (seq bigint generated always as identity primary key, run text,
       at bigint, type text, data jsonb)`,
  );
  const { runs } = pgStore(pool);
  const ids = Array.from({ length: RUNS }, (_, i) => `r-${i}`);
  for (const [at, id] of ids.entries()) {
    await runs.create(newRun(id, { plan: planFor(`service-${at}`, "1.0.0") }));
    const state = JSON.stringify({ step: 0, padding: STATE_PADDING });
    await pool.query("insert into raw_runs values ($1, 0, $2, 0)", [id, state]);
  }
  return ids;
};

const runProcess = async (share: Share): Promise<Done> => {
  const file = new URL("./passes-process.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [file, JSON.stringify(share)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`a benchmark process ended with ${code}`);
  return JSON.parse(output) as Done;
};
