// What was measured in one slot, second by second for two hours, in memory of fixed size; and the
// samples computed from it.

import type { KeeperMetric } from "../contract.ts";

const HISTORY_SECONDS = 7_200;
export const MAX_SAMPLES = 10_000;

const COLUMNS = [
  "cpuSum",
  "cpuCount",
  "memorySum",
  "memoryCount",
  "probes",
  "failedProbes",
  "restarts",
  "observed",
] as const;
export type Column = (typeof COLUMNS)[number];

/** Value = factor · sum of `of` / sum of `per` (or the plain sum), null where `count` is 0. */
const METRIC = {
  cpu: { of: "cpuSum", per: "cpuCount", factor: 1, count: "cpuCount" },
  memory: { of: "memorySum", per: "memoryCount", factor: 1, count: "memoryCount" },
  healthCheckFailures: { of: "failedProbes", per: "probes", factor: 100, count: "probes" },
  restarts: { of: "restarts", per: null, factor: 1, count: "observed" },
} as const satisfies Record<KeeperMetric, Formula>;

interface Formula {
  readonly of: Column;
  readonly per: Column | null;
  readonly factor: number;
  readonly count: Column;
}

export interface HistorySample {
  readonly at: number;
  readonly value: number | null;
  readonly count: number;
}

/** As in core/series.ts. */
export interface HistoryQuery {
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly windowMs: number;
  /** Seconds that began before this do not count: another release may have had the slot. */
  readonly since?: number;
}

/** How many samples the query asks for. */
export const sampleCount = (query: Pick<HistoryQuery, "from" | "to" | "stepMs">): number =>
  query.to < query.from ? 0 : Math.floor((query.to - query.from) / query.stepMs) + 1;

const secondOf = (at: number): number => Math.floor(at / 1000);

export class History {
  /** Which second since 1970 a place holds; 0: none. */
  readonly #seconds = new Float64Array(HISTORY_SECONDS);
  readonly #columns = Object.fromEntries(
    COLUMNS.map((column) => [column, new Float32Array(HISTORY_SECONDS)]),
  ) as Record<Column, Float32Array>;

  add(at: number, column: Column, amount: number): void {
    const second = secondOf(at);
    const place = second % HISTORY_SECONDS;
    if (this.#seconds[place] !== second) {
      this.#seconds[place] = second;
      for (const each of COLUMNS) this.#columns[each][place] = 0;
    }
    this.#columns[column][place] = (this.#columns[column][place] ?? 0) + amount;
  }

  /** Samples as core/series.ts defines them. A window is made of the whole seconds that end within
   * it, at least one. */
  samples(metric: KeeperMetric, query: HistoryQuery): readonly HistorySample[] {
    const formula: Formula = METRIC[metric];
    const newest = secondOf(query.to);
    const oldest = Math.max(
      secondOf(query.from - query.windowMs) - 1,
      secondOf(query.to) - HISTORY_SECONDS,
    );
    const sums = (column: Column): ((first: number, end: number) => number) => {
      const running = this.#running(column, oldest, newest);
      const upTo = (second: number): number =>
        running[Math.min(Math.max(second - oldest, 0), running.length - 1)] ?? 0;
      return (first, end) => upTo(end) - upTo(first);
    };
    const [of, count] = [sums(formula.of), sums(formula.count)];
    const per = formula.per === null ? null : sums(formula.per);
    return Array.from({ length: sampleCount(query) }, (_, index) => {
      const at = query.from + index * query.stepMs;
      const end = secondOf(at);
      const within = Math.min(secondOf(at - query.windowMs), end - 1);
      const first = Math.max(within, Math.ceil((query.since ?? 0) / 1000));
      const seen = first < end ? count(first, end) : 0;
      if (seen === 0) return { at, value: null, count: 0 };
      const divisor = per === null ? 1 : per(first, end);
      return { at, value: (formula.factor * of(first, end)) / divisor, count: seen };
    });
  }

  /** Place k holds the sum over the seconds oldest … oldest + k - 1. */
  #running(column: Column, oldest: number, newest: number): Float64Array {
    const values = this.#columns[column];
    const running = new Float64Array(Math.max(newest - oldest, 0) + 1);
    for (let index = 0; index + 1 < running.length; index += 1) {
      const second = oldest + index;
      const place = ((second % HISTORY_SECONDS) + HISTORY_SECONDS) % HISTORY_SECONDS;
      const value = this.#seconds[place] === second ? (values[place] ?? 0) : 0;
      running[index + 1] = (running[index] ?? 0) + value;
    }
    return running;
  }
}
