// What really happened to one slot's traffic: totals over time, kept at each change and linear in
// between, so that any window can be asked for exactly.

import type { Instant } from "../../core/ids.ts";

/** How fast each total grows, per second. */
export interface Rates {
  readonly requests: number;
  readonly errors: number;
  /** Requests × their p95 in milliseconds. */
  readonly slowness: number;
  /** Instance-seconds: all that stand, those that are not ready, and those times their CPU. */
  readonly instances: number;
  readonly unready: number;
  readonly cpu: number;
}

export const STILL: Rates = {
  requests: 0,
  errors: 0,
  slowness: 0,
  instances: 0,
  unready: 0,
  cpu: 0,
};

export interface Meter {
  /** From now on it goes at these rates. */
  set(now: Instant, rates: Rates): void;
  /** What was added between the two instants; `to` may lie ahead of the last change. */
  between(from: Instant, to: Instant): Rates;
}

interface Mark {
  readonly at: number;
  readonly total: Rates;
  readonly rates: Rates;
}

export const meter = (): Meter => {
  const marks: Mark[] = [];
  const totalAt = (at: number): Rates => {
    const mark = lastBefore(marks, at);
    return mark === undefined ? STILL : grown(mark, at);
  };
  return {
    set: (now, rates) => {
      const last = marks.at(-1);
      if (last !== undefined && same(last.rates, rates)) return;
      const total = last === undefined ? STILL : grown(last, now);
      if (last?.at === now) marks.pop();
      marks.push({ at: now, total, rates });
    },
    between: (from, to) => (from === to ? STILL : combine(totalAt(to), totalAt(from), -1)),
  };
};

const grown = (mark: Mark, at: number): Rates =>
  combine(mark.total, mark.rates, (at - mark.at) / 1000);

export const combine = (a: Rates, b: Rates, times: number): Rates => ({
  requests: a.requests + b.requests * times,
  errors: a.errors + b.errors * times,
  slowness: a.slowness + b.slowness * times,
  instances: a.instances + b.instances * times,
  unready: a.unready + b.unready * times,
  cpu: a.cpu + b.cpu * times,
});

const same = (a: Rates, b: Rates): boolean =>
  a.requests === b.requests &&
  a.errors === b.errors &&
  a.slowness === b.slowness &&
  a.instances === b.instances &&
  a.unready === b.unready &&
  a.cpu === b.cpu;

const lastBefore = (marks: readonly Mark[], at: number): Mark | undefined => {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle] as Mark).at <= at) low = middle + 1;
    else high = middle;
  }
  return marks[low - 1];
};
