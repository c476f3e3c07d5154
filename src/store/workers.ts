// The queue's library at work for one kind of job: started, named, and stopped.

import { EventEmitter } from "node:events";

import { parseCronItems, run } from "graphile-worker";
import type { CronItem, Runner } from "graphile-worker";
import type pg from "pg";

import { impatientPool } from "./impatient-pool.ts";
import { quietLogger } from "./queue-log.ts";
import type { QueueLog } from "./queue-log.ts";

export interface WorkerOptions {
  readonly task: string;
  /** Jobs at once. */
  readonly concurrency: number;
  /** Taken from the database in one go; jobs wait here for at most HOARD_MS. */
  readonly batch: number;
  /** How late a job may be noticed that no notification announces: one whose time has come. */
  readonly pollMs: number;
  readonly log: QueueLog;
  readonly handle: (payload: unknown) => Promise<void>;
  readonly nightly: readonly Nightly[];
}

/** What one of all replicas does once a night. */
export interface Nightly {
  /** Its name among the jobs. */
  readonly task: string;
  readonly handle: () => Promise<void>;
}

export interface Workers {
  /** The name under which they hold jobs. */
  readonly pool: string;
  /** Resolves when they end, asked to or not. */
  readonly ended: Promise<void>;
  /** Takes no more and waits for what is under way. */
  stop(): Promise<void>;
}

const HOARD_MS = 1_000;
/** In UTC, as the library counts. */
const EVERY_NIGHT = "0 3 * * *";
/** A night that nobody was there for is made up for at the next start, within a day. */
const MAKE_UP_MS = 86_400_000;
const NIGHTLY_ATTEMPTS = 5;

/** Throws while the database is away. Later it reconnects by itself. */
export const startWorkers = async (pool: pg.Pool, options: WorkerOptions): Promise<Workers> => {
  const { task, concurrency, batch, pollMs, log, handle, nightly } = options;
  const events = new EventEmitter();
  let name = "";
  events.once("pool:create", (event: { readonly workerPool: { readonly id: string } }) => {
    name = event.workerPool.id;
  });
  const runner: Runner = await run({
    pgPool: impatientPool(pool),
    taskList: {
      [task]: handle,
      ...Object.fromEntries(nightly.map((one) => [one.task, () => one.handle()])),
    },
    // Wake-ups in the future are set by passes and are not here.
    parsedCronItems: parseCronItems(nightly.map(cronItem)),
    noHandleSignals: true,
    events,
    logger: quietLogger(log),
    preset: {
      worker: {
        concurrentJobs: concurrency,
        pollInterval: pollMs,
        localQueue: { size: batch, ttl: HOARD_MS },
        // Batched completion is the one that tries again while the database is away.
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        // Passes set their wake-ups by the program's clock.
        useNodeTime: true,
      },
    },
  });
  return {
    pool: name,
    ended: runner.promise.catch(() => {}),
    stop: () => runner.stop().catch(() => {}),
  };
};

/** One job, however many replicas ask for it at the same minute. */
const cronItem = ({ task }: Nightly): CronItem => ({
  task,
  match: EVERY_NIGHT,
  identifier: task,
  options: { backfillPeriod: MAKE_UP_MS, jobKey: task, maxAttempts: NIGHTLY_ATTEMPTS },
});
