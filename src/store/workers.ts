// The queue's library at work for one kind of job: started, named, and stopped.

import { EventEmitter } from "node:events";

import { run } from "graphile-worker";
import type { Runner } from "graphile-worker";
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

/** Throws while the database is away. Later it reconnects by itself. */
export const startWorkers = async (pool: pg.Pool, options: WorkerOptions): Promise<Workers> => {
  const { task, concurrency, batch, pollMs, log, handle } = options;
  const events = new EventEmitter();
  let name = "";
  events.once("pool:create", (event: { readonly workerPool: { readonly id: string } }) => {
    name = event.workerPool.id;
  });
  const runner: Runner = await run({
    pgPool: impatientPool(pool),
    taskList: { [task]: handle },
    // Jobs in the future are set by passes; the library's own schedule has nothing to do.
    parsedCronItems: [],
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
