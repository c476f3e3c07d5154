// Reads time series out of a slot's ring. What is decided here: which seconds a sample covers, and
// that a sample without a request has no value, since no data is never good data.

import { quantileMs } from "./histogram.ts";
import { RETAINED_SECONDS } from "./limits.ts";
import { COUNTERS, FIELD, Ring } from "./ring.ts";

export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Null exactly when `count` is 0. */
  readonly value: number | null;
  /** Requests behind the value; for latencies, those that an instance was waited for. */
  readonly count: number;
}

export interface SeriesQuery {
  readonly from: number;
  /** Samples are at from + k · step, up to and including `to`. */
  readonly to: number;
  readonly step: number;
  /** Each covers this much time behind it; rounded up to whole seconds. */
  readonly window: number;
  /** Seconds that began before this do not count: another release may have had the slot. */
  readonly since?: number;
}

/** The running clock and the beginning of all statistics, both in milliseconds since 1970. */
export interface Observed {
  readonly now: number;
  readonly startedAt: number;
}

interface Window {
  readonly sum: Int32Array;
  /** Time that the window's seconds have had so far, in seconds. */
  readonly elapsed: number;
}

interface ReadingOf {
  readonly count: "requests" | "timed";
  /** Called only where the count is not 0. */
  readonly value: (window: Window) => number | null;
}

const counter = (window: Window, field: keyof typeof FIELD): number =>
  window.sum[FIELD[field]] ?? 0;

const counted = (field: keyof typeof FIELD): ReadingOf => ({
  count: "requests",
  value: (window) => counter(window, field),
});

const latency = (q: number): ReadingOf => ({
  count: "timed",
  value: (window) => quantileMs(window.sum.subarray(COUNTERS), counter(window, "timed"), q),
});

const READINGS = {
  /** Percent. */
  errorRate: {
    count: "requests",
    value: (window) =>
      Math.min(100, (100 * counter(window, "errors")) / counter(window, "requests")),
  },
  /** Per second. */
  requests: { count: "requests", value: (window) => counter(window, "requests") / window.elapsed },
  /** Milliseconds. */
  p50: latency(0.5),
  p90: latency(0.9),
  p95: latency(0.95),
  p99: latency(0.99),
  /** How many in the window. */
  routerErrors: counted("routerErrors"),
  retries: counted("retries"),
  aborted: counted("aborted"),
} as const satisfies Record<string, ReadingOf>;

export type Reading = keyof typeof READINGS;
export const READING_NAMES = Object.keys(READINGS) as readonly Reading[];

/**
 * One list of samples per reading. A sample covers ⌈window / 1 s⌉ whole seconds, the last of them
 * the one in which the millisecond before `at` lies. Where `at` is a whole second that is exactly
 * its window. Elsewhere the newest second is taken in as far as it has come, so that a bad release
 * shows at once; asked again later, such a sample holds that whole second, and stays so. Times in
 * the future, before the start and beyond two hours have no data.
 */
export const readSeries = (
  ring: Ring,
  query: SeriesQuery,
  readings: readonly Reading[],
  observed: Observed,
): ReadonlyMap<Reading, readonly Sample[]> => {
  const series = new Map<Reading, Sample[]>(readings.map((reading) => [reading, []]));
  const sliding = new SlidingSum(ring);
  const newest = Math.floor(observed.now / 1000);
  const oldest = Math.max(
    Math.floor(observed.startedAt / 1000),
    Math.ceil((query.since ?? 0) / 1000),
    newest - RETAINED_SECONDS + 1,
  );
  for (let at = query.from; at <= query.to; at += query.step) {
    const last = Math.floor((at - 1) / 1000);
    const first = Math.max(last - Math.ceil(query.window / 1000) + 1, oldest);
    const covered = at <= observed.now && first <= last;
    const window = {
      sum: covered ? sliding.over(first, last) : Ring.emptySum(),
      elapsed: elapsedSeconds(first, last, observed),
    };
    for (const [reading, samples] of series) {
      const { count, value } = READINGS[reading];
      const size = counter(window, count);
      samples.push({ at, value: size === 0 ? null : value(window), count: size });
    }
  }
  return series;
};

const elapsedSeconds = (first: number, last: number, { now, startedAt }: Observed): number => {
  const ms = Math.min((last + 1) * 1000, now) - Math.max(first * 1000, startedAt);
  return Math.max(ms, 1) / 1000;
};

/** The sum over a range of seconds that moves forward: each second is added and taken away once. */
class SlidingSum {
  readonly #ring: Ring;
  readonly #sum = Ring.emptySum();
  #first = 0;
  #last = -1;

  constructor(ring: Ring) {
    this.#ring = ring;
  }

  over(first: number, last: number): Int32Array {
    if (first > this.#last) {
      this.#sum.fill(0);
      this.#first = first;
      this.#last = first - 1;
    }
    while (this.#last < last) this.#ring.addTo(this.#sum, (this.#last += 1), 1);
    for (; this.#first < first; this.#first += 1) this.#ring.addTo(this.#sum, this.#first, -1);
    return this.#sum;
  }
}
