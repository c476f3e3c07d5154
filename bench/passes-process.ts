// One process of the passes benchmark: works for a while at full speed on its share of the rows and
// prints how much it did. Started by passes.ts.

import type pg from "pg";

import type { RunId } from "../src/core/ids.ts";
import { goOn } from "../src/ports/store.testing.ts";
import type { RunStore } from "../src/ports/store.ts";
import { pgStore } from "../src/store/pg-store.ts";
import { openPool } from "../src/store/pool.ts";

export interface Share {
  readonly config: pg.ClientConfig;
  readonly work: "raw" | "passes";
  readonly ids: readonly string[];
  readonly concurrency: number;
  readonly ms: number;
}

export interface Done {
  readonly count: number;
  readonly conflicts: number;
  readonly tookMs: number;
}

const measure = async ({ config, work, ids, concurrency, ms }: Share): Promise<Done> => {
  const pool = openPool(config, { max: concurrency, onLost: (error) => console.error(error) });
  const { runs } = pgStore(pool);
  const once = work === "raw" ? (id: string) => rawPass(pool, id) : (id: string) => pass(runs, id);
  for (const id of ids.slice(0, concurrency)) await once(id);
  const began = performance.now();
  let count = 0;
  let conflicts = 0;
  const worker = async (first: number): Promise<void> => {
    for (let at = first; performance.now() - began < ms; at += concurrency) {
      if (await once(ids[at % ids.length] ?? "")) count += 1;
      else conflicts += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, first) => worker(first)));
  const tookMs = performance.now() - began;
  await pool.end();
  return { count, conflicts, tookMs };
};

/** Load, and commit a decision with a new state, an event, an audit record and the next wake-up. */
const pass = async (runs: RunStore, id: string): Promise<boolean> => {
  const stored = await runs.load(id as RunId);
  if (stored === null) throw new Error(`run ${id} is not there`);
  return (await runs.commit(goOn(stored, stored.run.revision))).kind === "committed";
};

/** What anybody would write by hand, in a row and an event of about the same width. */
const rawPass = async (pool: pg.Pool, id: string): Promise<boolean> => {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ revision: number; state: object }>({
      name: "raw_read",
      text: "select revision, state from raw_runs where id = $1 for update",
      values: [id],
    });
    const revision = Number(rows[0]?.revision) + 1;
    const state = JSON.stringify({ ...rows[0]?.state, step: revision });
    await client.query({
      name: "raw_update",
      text: "update raw_runs set revision = $2, state = $3, wake_at = $4 where id = $1",
      values: [id, revision, state, Date.now() + 1_000],
    });
    await client.query({
      name: "raw_insert",
      text: "insert into raw_events (run, at, type, data) values ($1, $2, $3, $4)",
      values: [id, Date.now(), "step.done", state],
    });
    await client.query("commit");
  } finally {
    client.release();
  }
  return true;
};

console.log(JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "") as Share)));
