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
/** Raw and passes take turns, so that whatever else the machine does meets both. */
const ROUNDS = 3;
const ROUND_MS = 1_500;
/** Events of raw rows and of runs weigh about this much. */
const STATE_PADDING = "x".repeat(400);

export const benchPasses = async (): Promise<Line[]> => {
  const cluster = await startTestCluster();
  try {
    const { pool, config } = await cluster.database();
    const ids = await fill(pool);
    const lines: Line[] = [];
    for (const processes of [1, 2]) {
      const totals = { raw: emptyTotal(), passes: emptyTotal() };
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const work of ["raw", "passes"] as const) {
          add(totals[work], await run({ config, work, ids, processes }));
        }
      }
      lines.push(lineOf(processes, rate(totals.passes), rate(totals.raw), totals.passes.conflicts));
    }
    return lines;
  } finally {
    await cluster.stop();
  }
};

const lineOf = (processes: number, value: number, raw: number, conflicts: number): Line => ({
  bench: processes === 1 ? "passes" : `passes-${processes}-replicas`,
  value: Math.round(value),
  unit: "passes/s",
  comparison: {
    what: "raw read-update-insert transactions/s",
    value: Math.round(raw),
    ratio: Number((value / raw).toFixed(3)),
  },
  note: `${processes * CONCURRENCY} at once on ${RUNS} runs, ${conflicts} conflicts`,
});

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

interface Total {
  count: number;
  conflicts: number;
  ms: number;
}

const emptyTotal = (): Total => ({ count: 0, conflicts: 0, ms: 0 });

const add = (total: Total, done: readonly Done[]): void => {
  total.count += done.reduce((sum, one) => sum + one.count, 0);
  total.conflicts += done.reduce((sum, one) => sum + one.conflicts, 0);
  total.ms += Math.max(...done.map((one) => one.tookMs));
};

const rate = (total: Total): number => (total.count * 1_000) / total.ms;

const run = async (given: {
  readonly config: pg.ClientConfig;
  readonly work: Share["work"];
  readonly ids: readonly string[];
  readonly processes: number;
}): Promise<readonly Done[]> => {
  const { config, work, ids, processes } = given;
  const shares = Array.from({ length: processes }, (_, which) =>
    ids.filter((__, at) => at % processes === which),
  );
  return await Promise.all(
    shares.map((own) =>
      runProcess({ config, work, ids: own, concurrency: CONCURRENCY, ms: ROUND_MS }),
    ),
  );
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
