// One process of the passes benchmark: works at full speed on its share of the rows, by turns on
// raw transactions and on passes, and prints how much it did of each. Started by passes.ts.

import { setTimeout as sleep } from "node:timers/promises";

import type pg from "pg";

import type { RunId } from "../src/core/ids.ts";
import { goOn } from "../src/ports/store.testing.ts";
import type { RunStore } from "../src/ports/store.ts";
import { pgStore } from "../src/store/pg-store.ts";
import { openPool } from "../src/store/pool.ts";

export interface Share {
  readonly config: pg.ClientConfig;
  readonly ids: readonly string[];
  readonly concurrency: number;
  /** When the first turn begins, as Date.now() counts: the same for all processes. */
  readonly beginAt: number;
  readonly turns: number;
  readonly turnMs: number;
}

export interface Done {
  readonly raw: number;
  readonly passes: number;
  readonly conflicts: number;
}

/** Even turns are raw, odd ones are passes. What a turn began counts for that turn. */
const measure = async (share: Share): Promise<Done> => {
  const { config, ids, concurrency, beginAt, turns, turnMs } = share;
  const pool = openPool(config, { max: concurrency, onLost: (error) => console.error(error) });
  const { runs } = pgStore(pool);
  const works = [(id: string) => rawPass(pool, id), (id: string) => pass(runs, id)] as const;
  await Promise.all(
    ids.slice(0, concurrency).map(async (id) => {
      for (const work of works) await work(id);
    }),
  );
  const counts: [number, number] = [0, 0];
  let conflicts = 0;
  await sleep(Math.max(0, beginAt - Date.now()));
  const worker = async (first: number): Promise<void> => {
    for (let at = first; ; at += concurrency) {
      const turn = Math.floor((Date.now() - beginAt) / turnMs);
      if (turn >= turns) return;
      const kind = turn % 2 === 0 ? 0 : 1;
      if (await works[kind](ids[at % ids.length] ?? "")) counts[kind] += 1;
      else conflicts += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, (_, first) => worker(first)));
  await pool.end();
  return { raw: counts[0], passes: counts[1], conflicts };
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
