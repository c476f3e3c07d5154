// The process that bench/engine.ts measures: shell, store and queue of one replica on a PostgreSQL
// of its own, with many runs that watch their metrics at once. Called with the folder to use and
// the number of runs; prints one JSON object and ends.

import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";

import type { Instant, RunId } from "../src/core/ids.ts";
import { SLUICE } from "../src/core/ids.ts";
import { systemWorld } from "../src/drivers/system/world.ts";
import { layoutOf } from "../src/layout/layout.ts";
import type { RunStore } from "../src/ports/store.ts";
import { DEFAULT_LIMITS } from "../src/shell/parts.ts";
import type { ShellParts } from "../src/shell/parts.ts";
import { queueHandlers } from "../src/shell/worker.ts";
import { openDatabase } from "../src/wiring/database.ts";
import { DEFAULT_CONCURRENCY } from "../src/wiring/options.ts";
import { engineWorld, watchingPlans } from "./engine-world.ts";

export interface EngineFigures {
  readonly passesPerSecond: number;
  /** From the time a run was to be looked at until its pass began. */
  readonly lateP50Ms: number;
  readonly lateP99Ms: number;
  /** Of one core; of this process, without PostgreSQL. */
  readonly cpuPercent: number;
  readonly restBytes: number;
  readonly busyBytes: number;
}

export const INTERVAL_MS = 2_000;
const REST_MS = 3_000;
const SETTLING_MS = 6_000;
const MEASURED_MS = 30_000;
const BEGIN_MS = 120_000;
const STOP_MS = 10_000;
const MICROS_PER_MS = 1_000;

const run = async (folder: string, runs: number): Promise<EngineFigures> => {
  const over = new AbortController();
  const log = pino({ level: "silent" });
  const options = { databaseUrl: null, concurrency: DEFAULT_CONCURRENCY };
  const database = await openDatabase(layoutOf(folder), options, log, over.signal);
  const due = new Map<RunId, Instant>();
  const late: number[] = [];
  const parts = partsOf(noting(database.stores.runs, due), database.stores.effects);
  const handlers = queueHandlers(parts, over.signal);
  const concurrency = DEFAULT_CONCURRENCY;
  const queue = database.queue({ replica: "bench", concurrency, log, nightly: [] });
  await queue.start({
    ...handlers,
    wake: (id) => {
      const expected = due.get(id);
      if (expected !== undefined) late.push(Date.now() - expected);
      return handlers.wake(id);
    },
  });
  await sleep(REST_MS);
  const restBytes = process.memoryUsage.rss();
  for (const [index, plan] of watchingPlans(runs, INTERVAL_MS).entries()) {
    const origin = { kind: "release", by: SLUICE, reason: null, emergency: null } as const;
    await parts.runs.create({ id: `r-${index}` as RunId, plan, origin, at: parts.world.now() });
  }
  for (const giveUpAt = Date.now() + BEGIN_MS; due.size < runs; await sleep(100)) {
    if (Date.now() > giveUpAt) throw new Error(`only ${due.size} of ${runs} runs began`);
  }
  await sleep(SETTLING_MS);
  late.length = 0;
  const cpu = process.cpuUsage();
  await sleep(MEASURED_MS);
  const { user, system } = process.cpuUsage(cpu);
  const sorted = late.toSorted((a, b) => a - b);
  const busyBytes = process.memoryUsage.rss();
  over.abort();
  await queue.stop(STOP_MS);
  await database.close();
  return {
    passesPerSecond: sorted.length / (MEASURED_MS / 1_000),
    lateP50Ms: quantile(sorted, 0.5),
    lateP99Ms: quantile(sorted, 0.99),
    cpuPercent: ((user + system) / MICROS_PER_MS / MEASURED_MS) * 100,
    restBytes,
    busyBytes,
  };
};

const partsOf = (runs: RunStore, effects: ShellParts["effects"]): ShellParts => ({
  ...engineWorld(),
  world: systemWorld(),
  runs,
  effects,
  tasks: { run: () => Promise.reject(new Error("no task is part of this")) },
  notifier: { notify: () => Promise.reject(new Error("nobody is told")) },
  promote: () => Promise.reject(new Error("nothing is promoted")),
  orderMember: () => Promise.reject(new Error("no train is part of this")),
  openFollowUp: () => Promise.reject(new Error("nothing is left to be done")),
  replan: () => Promise.resolve(null),
  onPass: () => {},
  replica: "bench",
  limits: DEFAULT_LIMITS,
});

/** Remembers when each run is to be looked at again, once it is watching. */
const noting = (runs: RunStore, due: Map<RunId, Instant>): RunStore => ({
  load: (id) => runs.load(id),
  create: (run) => runs.create(run),
  createAlone: (run, beside) => runs.createAlone(run, beside),
  say: (...said) => runs.say(...said),
  commit: async (commit) => {
    const committed = await runs.commit(commit);
    const { wakeAt } = commit.decision;
    if (committed.kind === "committed" && wakeAt !== null && committed.run.weight === 1_000) {
      due.set(committed.run.id, wakeAt);
    }
    return committed;
  },
});

/** 0 where there is none. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

if (import.meta.main) {
  const [folder = "", runs = ""] = process.argv.slice(2);
  process.stdout.write(`${JSON.stringify(await run(folder, Number(runs)))}\n`);
}
