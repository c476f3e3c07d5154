// The simulated metrics: what the slots' traffic and instances really did, computed from the
// router's weights, what is ready and what each release is like. Measuring can be frozen in three
// ways.

import { instant, type Instant } from "../../core/ids.ts";
import { laneName, SLOTS, type LaneKey, type SlotName } from "../../core/lane.ts";
import type { MetricQuery, Sample, Series } from "../../core/series.ts";
import type { MetricName } from "../../core/threshold.ts";
import { combine, meter, STILL, type Meter, type Rates } from "./meter.ts";
import type { QualityOf } from "./quality.ts";
import type { SimRouter } from "./router.ts";
import type { SimTarget } from "./target.ts";

/** `error`: queries fail. `empty`: no counts arrive, and are missing for good. */
export type Freeze = "error" | "empty";

export interface SimMetrics {
  read(queries: readonly MetricQuery[], lane: LaneKey): readonly Series[];
  /** To be told after each change of weights, instances or the router's health. */
  changed(lane: LaneKey): void;
  freeze(how: Freeze): void;
  thaw(): void;
  frozen(): Freeze | null;
  /** What really was, frozen or not: the oracle's, never the engine's. */
  truth(lane: LaneKey, slot: SlotName, from: Instant, to: Instant): Rates;
  /** What of that was recorded. */
  recorded(lane: LaneKey, slot: SlotName, from: Instant, to: Instant): Rates;
}

interface Options {
  readonly now: () => Instant;
  readonly target: SimTarget;
  readonly router: SimRouter;
  readonly qualityOf: QualityOf;
  readonly requestsPerSecond: number;
}

export const simMetrics = (options: Options): SimMetrics => {
  const meters = new Map<string, Readonly<Record<SlotName, Meter>>>();
  const gaps: { readonly from: Instant; to: Instant | null }[] = [];
  let frozen: Freeze | null = null;
  const of = (lane: LaneKey): Readonly<Record<SlotName, Meter>> => {
    const name = laneName(lane);
    const known = meters.get(name) ?? { blue: meter(), green: meter() };
    meters.set(name, known);
    return known;
  };
  const recorded = (of: Meter, from: Instant, to: Instant): Rates => {
    let sum = of.between(from, to);
    for (const gap of gaps) {
      const begin = instant(Math.max(gap.from, from));
      const end = instant(Math.min(gap.to ?? options.now(), to));
      if (begin < end) sum = combine(sum, of.between(begin, end), -1);
    }
    return sum;
  };
  const thaw = (): void => {
    const open = gaps.at(-1);
    if (open?.to === null) open.to = options.now();
    frozen = null;
  };
  return {
    recorded: (lane, slot, from, to) => recorded(of(lane)[slot], from, to),
    thaw,
    frozen: () => frozen,
    freeze: (how) => {
      thaw();
      frozen = how;
      if (how === "empty") gaps.push({ from: options.now(), to: null });
    },
    truth: (lane, slot, from, to) => of(lane)[slot].between(from, to),
    changed: (lane) => {
      for (const slot of SLOTS) of(lane)[slot].set(options.now(), ratesNow(options, lane, slot));
    },
    read: (queries, lane) =>
      queries.map((query) => {
        if (frozen === "error") return { kind: "error", query, message: "the query timed out" };
        const own = of(lane)[query.slot];
        const between = (from: Instant, to: Instant): Rates => {
          const kept = recorded(own, from, to);
          if (OF_REQUESTS.includes(query.metric)) return kept;
          // A source knows how often it reads: with most readings lost it has no value to give.
          const half = own.between(from, to).instances / 2;
          return kept.instances < half ? STILL : kept;
        };
        return { kind: "samples", query, samples: samplesOf(query, between) };
      }),
  };
};

const ratesNow = (options: Options, lane: LaneKey, slot: SlotName): Rates => {
  const { target, router, qualityOf } = options;
  const serving = target.serving(lane, slot);
  const standing = target.standing(lane, slot);
  if (standing === 0 && serving.length === 0) return STILL;
  const passes = !router.lost() && serving.length > 0;
  const requests = passes ? (options.requestsPerSecond * router.weights(lane)[slot]) / 1000 : 0;
  const mean = (value: (q: ReturnType<QualityOf>) => number): number =>
    serving.length === 0
      ? 0
      : serving.reduce((sum, release) => sum + value(qualityOf(release)), 0) / serving.length;
  return {
    requests,
    errors: requests * mean((quality) => quality.errorPercent / 100),
    slowness: requests * mean((quality) => quality.p95Ms),
    instances: standing,
    unready: standing - serving.length,
    cpu: serving.length * mean((quality) => quality.cpuPercent),
  };
};

const samplesOf = (
  query: MetricQuery,
  between: (from: Instant, to: Instant) => Rates,
): readonly Sample[] => {
  const samples: Sample[] = [];
  for (let at = query.from; at <= query.to; at = instant(at + query.stepMs)) {
    const from = instant(Math.min(at, Math.max(at - query.windowMs, query.since ?? 0)));
    samples.push({ at, ...valueOf(query.metric, between(from, at), query.windowMs) });
  }
  return samples;
};

const OF_REQUESTS: readonly MetricName[] = ["errorRate", "p50", "p90", "p95", "p99", "requests"];

/** Seconds between two readings of an instance's health, CPU and memory. */
const READING_EVERY_S = 2;

/** The value of a metric over a window, as a real source would compute it from whole counts. */
export const valueOf = (
  metric: MetricName,
  grown: Rates,
  windowMs: number,
): { readonly value: number | null; readonly count: number } => {
  const requests = Math.max(0, Math.floor(grown.requests + 1e-6));
  const readings = Math.max(0, Math.floor(grown.instances / READING_EVERY_S + 1e-6));
  const per = (amount: number, of: number): number | null => (of > 1e-9 ? amount / of : null);
  switch (metric) {
    case "errorRate":
      return {
        value: requests === 0 ? null : per(100 * grown.errors, grown.requests),
        count: requests,
      };
    case "p50":
    case "p90":
    case "p95":
    case "p99":
      return {
        value: requests === 0 ? null : per(grown.slowness, grown.requests),
        count: requests,
      };
    case "requests":
      return { value: grown.requests / (windowMs / 1000), count: requests };
    case "cpu":
    case "memory":
      return { value: readings === 0 ? null : per(grown.cpu, grown.instances), count: readings };
    case "healthCheckFailures":
      return {
        value: readings === 0 ? null : per(100 * grown.unready, grown.instances),
        count: readings,
      };
    case "restarts":
      return { value: 0, count: readings };
  }
};
