// The book that the traffic generator keeps: totals, one line a second, and the first failures in
// words. Pure but for what it has been told; the clock is the caller's.

import { createHistogram } from "node:perf_hooks";

import { verdictOn } from "./traffic-verdict.ts";
import type { Reply, Verdict } from "./traffic-verdict.ts";

export interface Counts {
  /** Requests that have a verdict. */
  readonly requests: number;
  readonly ok: number;
  readonly badResponses: number;
  readonly failedByControlPlane: number;
}

/** Requests that ended within one second of the wall clock. */
export interface Second extends Counts {
  /** Milliseconds since 1970 at which the second began. */
  readonly at: number;
  /** Milliseconds from sending to the end of the answer; null where nothing was answered. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Answers by the release that gave them. */
  readonly byRelease: Readonly<Record<string, number>>;
}

export interface Stats extends Counts {
  readonly inFlight: number;
  readonly byRelease: Readonly<Record<string, number>>;
  /** The last whole second; null within the first. */
  readonly lastSecond: Second | null;
  /** Milliseconds since 1970; bad responses only, not what the control plane failed. */
  readonly firstBadAfterMarkAt: number | null;
  readonly lastBadAt: number | null;
}

export interface Report extends Stats {
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly seconds: readonly Second[];
  /** The first few requests that the control plane failed. */
  readonly failures: readonly Failure[];
  /** By how much the generator itself was behind its schedule at worst. */
  readonly maxLateMs: number;
}

export interface Failure {
  readonly at: number;
  readonly why: string;
}

/** One request that ended. */
export interface Ended {
  readonly reply: Reply;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tookMs: number;
  readonly release: string | null;
}

export interface TrafficRecord {
  add(ended: Ended): void;
  mark(at: number): void;
  late(ms: number): void;
  stats(at: number, inFlight: number): Stats;
  report(at: number, inFlight: number): Report;
}

const SECOND_MS = 1_000;
const MAX_SECONDS = 7_200;
const MAX_FAILURES = 20;
const MAX_BAD_TIMES = 100_000;
const MICROS_PER_MS = 1_000;

export const createRecord = (): TrafficRecord => {
  const total = createTally();
  const latencies = createHistogram();
  const seconds: Second[] = [];
  const failures: Failure[] = [];
  const badTimes: number[] = [];
  const byRelease: Record<string, number> = {};
  let current = { at: 0, tally: createTally() };
  let markedAt = 0;
  let maxLateMs = 0;

  const turnTo = (at: number): void => {
    const second = at - (at % SECOND_MS);
    if (second <= current.at) return;
    if (current.at !== 0) seconds.push({ at: current.at, ...current.tally.close() });
    if (seconds.length > MAX_SECONDS) seconds.shift();
    current = { at: second, tally: createTally() };
  };
  const stats = (at: number, inFlight: number): Stats => {
    turnTo(at);
    return {
      ...total.counts(),
      inFlight,
      byRelease: { ...byRelease },
      lastSecond: seconds.at(-1) ?? null,
      firstBadAfterMarkAt: badTimes.find((one) => one >= markedAt) ?? null,
      lastBadAt: badTimes.at(-1) ?? null,
    };
  };
  return {
    add: ({ reply, at, tookMs, release }) => {
      turnTo(at);
      const verdict = verdictOn(reply);
      for (const tally of [total, current.tally]) tally.count(verdict);
      if (verdict === "badResponse" && badTimes.length < MAX_BAD_TIMES) badTimes.push(at);
      if (verdict === "failedByControlPlane" && failures.length < MAX_FAILURES) {
        failures.push({ at, why: inWords(reply) });
      }
      if (reply.kind === "lost") return;
      latencies.record(Math.max(1, Math.round(tookMs * MICROS_PER_MS)));
      current.tally.answered(tookMs, release);
      if (release !== null) byRelease[release] = (byRelease[release] ?? 0) + 1;
    },
    mark: (at) => {
      markedAt = at;
    },
    late: (ms) => {
      maxLateMs = Math.max(maxLateMs, ms);
    },
    stats,
    report: (at, inFlight) => {
      const quantile = (percent: number): number | null =>
        latencies.count === 0 ? null : latencies.percentile(percent) / MICROS_PER_MS;
      return {
        ...stats(at, inFlight),
        p50Ms: quantile(50),
        p99Ms: quantile(99),
        seconds,
        failures,
        maxLateMs,
      };
    },
  };
};

const inWords = (reply: Reply): string =>
  reply.kind === "lost" ? reply.why : `status ${reply.status} with ${reply.bodyBytes} bytes`;

interface Tally {
  count(verdict: Verdict): void;
  answered(tookMs: number, release: string | null): void;
  counts(): Counts;
  close(): Omit<Second, "at">;
}

const createTally = (): Tally => {
  const count: Record<Verdict, number> = { ok: 0, badResponse: 0, failedByControlPlane: 0 };
  const times: number[] = [];
  const byRelease: Record<string, number> = {};
  const counts = (): Counts => ({
    requests: count.ok + count.badResponse + count.failedByControlPlane,
    ok: count.ok,
    badResponses: count.badResponse,
    failedByControlPlane: count.failedByControlPlane,
  });
  return {
    count: (verdict) => {
      count[verdict] += 1;
    },
    answered: (tookMs, release) => {
      times.push(tookMs);
      if (release !== null) byRelease[release] = (byRelease[release] ?? 0) + 1;
    },
    counts,
    close: () => {
      const sorted = times.toSorted((a, b) => a - b);
      const at = (share: number): number | null =>
        sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
      return { ...counts(), p50Ms: at(0.5), p99Ms: at(0.99), byRelease };
    },
  };
};
