// Steady traffic from a thread of its own, with a verdict on every request. The demo, the
// end-to-end tests and the benchmarks measure with this and nothing else.

import { Worker } from "node:worker_threads";

import type { Report, Stats } from "./traffic-record.ts";

export interface Traffic {
  /** At most a tenth of a second old. */
  stats(): Stats;
  /** From now on firstBadAfterMarkAt looks for bad responses after this moment. */
  mark(): void;
  /** Sends no more, waits for what is under way, and says what came of it all. A second call
   * gives the same report. Rejects if the generator broke down. */
  stop(): Promise<Report>;
}

export interface Orders {
  readonly url: string;
  readonly requestsPerSecond: number;
  /** From sending until the last byte of the answer; later is no answer. */
  readonly deadlineMs: number;
}

export type ToWorker = { readonly kind: "mark"; readonly at: number } | { readonly kind: "stop" };

export type FromWorker =
  | { readonly kind: "stats"; readonly stats: Stats }
  | { readonly kind: "report"; readonly report: Report };

export const REQUEST_DEADLINE_MS = 10_000;
/** What stopping may take beyond the deadline of the last request. */
const STOP_GRACE_MS = 5_000;

const BEFORE_THE_FIRST: Stats = {
  requests: 0,
  ok: 0,
  badResponses: 0,
  failedByControlPlane: 0,
  inFlight: 0,
  byRelease: {},
  lastSecond: null,
  firstBadAfterMarkAt: null,
  lastBadAt: null,
};

/** GETs `url` this many times a second, evenly, until stopped. */
export const start = (
  url: string,
  requestsPerSecond: number,
  deadlineMs: number = REQUEST_DEADLINE_MS,
): Traffic => {
  const workerData: Orders = { url, requestsPerSecond, deadlineMs };
  const worker = new Worker(new URL("./traffic-worker.ts", import.meta.url), { workerData });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  const tell = (message: ToWorker): void => worker.postMessage(message);
  let stats = BEFORE_THE_FIRST;
  const reported = new Promise<Report>((resolve, reject) => {
    worker.on("message", (message: FromWorker) => {
      if (message.kind === "stats") {
        stats = message.stats;
      } else {
        stats = message.report;
        resolve(message.report);
      }
    });
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the traffic generator ended without a report")));
  });
  // Until somebody waits for it, a breakdown is told by stop().
  reported.catch(() => {});
  const stop = async (): Promise<Report> => {
    tell({ kind: "stop" });
    const giveUp = setTimeout(() => void worker.terminate(), deadlineMs + STOP_GRACE_MS);
    try {
      return await reported;
    } finally {
      clearTimeout(giveUp);
    }
  };
  let stopping: Promise<Report> | null = null;
  return {
    stats: () => stats,
    mark: () => tell({ kind: "mark", at: Date.now() }),
    stop: () => (stopping ??= stop()),
  };
};
