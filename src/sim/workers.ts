// A batch spread over processes, one a core: each asks for the next few seeds when it is done.

import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { NOTHING_YET, sum, type Range, type Totals } from "./batch.ts";

/** Seeds that a worker takes at a time: small enough that all end together. */
const PORTION = 50;

/** Throws where a worker dies; no process outlives the call. */
export const simulateEverywhere = async (
  range: Range,
  progress: (done: Totals) => void,
): Promise<Totals> => {
  const workers: ChildProcess[] = [];
  let totals = NOTHING_YET;
  let next = range.first;
  const end = range.first + range.seeds;
  const portion = (): Range | null => {
    if (next >= end) return null;
    const seeds = Math.min(PORTION, end - next);
    const first = next;
    next += seeds;
    return { first, seeds, bug: range.bug };
  };
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = fork(new URL("worker.ts", import.meta.url), {
        stdio: ["ignore", 2, 2, "ipc"],
        // Most of what a seed allocates is dead after a pass: fewer, cheaper collections, and by
        // this thread alone, since every core has a worker of its own.
        execArgv: ["--max-semi-space-size=32", "--single-threaded-gc"],
      });
      workers.push(worker);
      const give = (): void => {
        const own = portion();
        if (own === null) resolve();
        else worker.send(own);
      };
      worker.on("message", (done: Totals) => {
        totals = sum(totals, done);
        progress(totals);
        give();
      });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`a worker ended with ${code ?? "a signal"}`)));
      give();
    });
  const many = Math.min(availableParallelism(), Math.ceil(range.seeds / PORTION));
  try {
    await Promise.all(Array.from({ length: many }, work));
  } finally {
    for (const worker of workers) worker.removeAllListeners("exit").kill("SIGKILL");
  }
  return totals;
};
