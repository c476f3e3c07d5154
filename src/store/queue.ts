// The queue on PostgreSQL: wake-ups and once effects are jobs of graphile-worker, taken by whatever
// replica is free. What fails is tried again soon; what a dead replica held goes to the living.
//
// The sweep is a timer of each replica and no job: a job would run on one replica only, and be lost
// along with what the sweep is there to find.

import type pg from "pg";

import type { RunId } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import type { Queue, QueueHandlers } from "../ports/queue.ts";
import type { World } from "../ports/world.ts";
import { presence } from "./presence.ts";
import type { QueueLog } from "./queue-log.ts";
import { tryAgainLater } from "./try-again.ts";
import { upkeep } from "./upkeep.ts";
import { startWorkers } from "./workers.ts";
import type { Nightly, WorkerOptions, Workers } from "./workers.ts";

export interface QueueOptions {
  /** This process, among the replicas; a name it never had before. */
  readonly replica: string;
  /** Passes at once. */
  readonly concurrency: number;
  readonly world: Pick<World, "now" | "sleep">;
  readonly log: QueueLog;
  /** Done by one replica each. */
  readonly nightly: readonly Nightly[];
}

/** Effects mostly wait for others, so many may. */
const EFFECTS_AT_ONCE = 50;
/** A pass is due to the millisecond; looking this often costs next to nothing. */
const WAKE_POLL_MS = 100;
const EFFECT_POLL_MS = 1_000;
const SWEEP_MS = 2_000;
/** Between attempts to start workers that ended, or that could not start. */
const RESTART_MS = 500;
/** For telling the database which jobs are done, once nothing is under way any more. */
const FAREWELL_MS = 1_000;

/** The pool needs room for `concurrency` and three more. */
export const graphileQueue = (pool: pg.Pool, options: QueueOptions): Queue => {
  const { world, log, replica } = options;
  const stopping = new AbortController();
  const here = presence(pool, replica);
  const active = new Map<string, Workers>();
  const underWay = new Set<Promise<void>>();
  const poolNames = (): readonly string[] => [...active.values()].map((workers) => workers.pool);

  const guarded = (task: Task, handle: (id: string) => Promise<void>) =>
    async (payload: unknown): Promise<void> => {
      const work = handOn(pool, options, task, handle, payload);
      underWay.add(work);
      await work.finally(() => underWay.delete(work));
    };

  const keepWorking = async (worker: WorkerOptions, first: Workers): Promise<void> => {
    for (let workers: Workers | null = first; !stopping.signal.aborted; ) {
      if (workers !== null) {
        active.set(worker.task, workers);
        await workers.ended;
        active.delete(worker.task);
      }
      await world.sleep(RESTART_MS, stopping.signal);
      if (stopping.signal.aborted) return;
      log.warn({ task: worker.task }, "the queue's workers ended and are started again");
      workers = await startWorkers(pool, worker).catch(() => null);
      // Told to stop meanwhile: nobody else knows of these.
      if (stopping.signal.aborted) await workers?.stop();
    }
  };

  const sweep = async (handlers: QueueHandlers): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await here.beat(poolNames(), world.now());
        if (stopping.signal.aborted) return;
        await upkeep(pool, world.now(), log);
        await handlers.sweep();
      } catch (error) {
        log.warn({ error: String(error) }, "the sweep failed and is repeated");
      }
      await world.sleep(SWEEP_MS, stopping.signal);
    }
  };

  return {
    start: async (handlers) => {
      const workers = workerOptions(options, {
        wake: guarded("wake", (run) => handlers.wake(run as RunId)),
        effect: guarded("effect", (id) => handlers.effect(id)),
      });
      for (const worker of workers) void keepWorking(worker, await startWorkers(pool, worker));
      void sweep(handlers);
    },
    stop: async (deadlineMs) => {
      stopping.abort();
      const stopped = Promise.all([...active.values()].map((workers) => workers.stop()));
      // The library may wait for ever to tell a database that is away which jobs are done.
      // A timer that goes on would keep the process that stops from ending.
      const over = new AbortController();
      const farewell = () => world.sleep(FAREWELL_MS, over.signal);
      const drained = Promise.allSettled(underWay).then(farewell);
      await Promise.race([stopped, drained, world.sleep(deadlineMs, over.signal)]);
      over.abort();
      await here.end();
    },
  };
};

type Task = "wake" | "effect";

const workerOptions = (
  { concurrency, log, nightly }: QueueOptions,
  handle: Readonly<Record<Task, (payload: unknown) => Promise<void>>>,
): readonly WorkerOptions[] => [
  {
    task: "wake",
    concurrency,
    batch: concurrency,
    pollMs: WAKE_POLL_MS,
    log,
    handle: handle.wake,
    nightly: [],
  },
  {
    task: "effect",
    concurrency: EFFECTS_AT_ONCE,
    // One at a time: what waits here could be carried out elsewhere.
    batch: 1,
    pollMs: EFFECT_POLL_MS,
    log,
    handle: handle.effect,
    nightly,
  },
];

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;

/** Never rejects while the database is there: the library's own pauses grow to hours. */
const handOn = async (
  pool: pg.Pool,
  { world, log }: QueueOptions,
  task: Task,
  handle: (id: string) => Promise<void>,
  payload: unknown,
): Promise<void> => {
  const { id, attempt } = jobOf(task, payload);
  try {
    await handle(id);
  } catch (error) {
    const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt);
    log.warn({ task, id, attempt, pauseMs, error: String(error) }, "failed and is tried again");
    const again = { [KEYS[task]]: id, attempt: attempt + 1 };
    await tryAgainLater(pool, task, again, id, later(world.now(), pauseMs));
  }
};

/** What names the job's subject in its payload. */
const KEYS = { wake: "run", effect: "effect" } as const;

const jobOf = (task: Task, payload: unknown): { readonly id: string; readonly attempt: number } => {
  const given = payload as Readonly<Record<string, unknown>>;
  const id = given[KEYS[task]];
  const attempt = given["attempt"];
  if (typeof id !== "string") throw new Error(`a ${task} job without its subject`);
  return { id, attempt: typeof attempt === "number" ? attempt : 0 };
};
