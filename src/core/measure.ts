// One condition at one sample time: what was measured, what it is compared with and whether it is
// so, or why nobody can say. Decides what counts as enough data.

import { assertNever, type DurationMs, type Instant } from "./ids.ts";
import type { SlotName } from "./lane.ts";
import type { Reason } from "./reason.ts";
import type { BaselineValue } from "./run.ts";
import type { JudgedSlots } from "./sampling.ts";
import type { Sample, Series } from "./series.ts";
import type { Analysis, Bound, Comparison, MetricCondition, MetricName } from "./threshold.ts";

export type BaselineValues = Readonly<Partial<Record<MetricName, BaselineValue>>>;

/** What a judgement rests on. */
export interface Sight {
  readonly series: readonly Series[];
  /** What the stable slot measured before the run touched anything. */
  readonly baseline: BaselineValues;
  readonly analysis: Analysis;
  readonly slots: JudgedSlots;
}

export type Point =
  | {
      readonly kind: "measured";
      readonly at: Instant;
      readonly satisfied: boolean;
      readonly value: number;
      /** The bound in the metric's unit, its baseline filled in. */
      readonly bound: number;
      /** Null where the bound does not speak of one. */
      readonly baseline: number | null;
      readonly count: number;
    }
  /** Could not be measured well enough to say. */
  | { readonly kind: "unmeasured"; readonly at: Instant; readonly reason: Reason };

const REQUEST_METRICS: readonly MetricName[] = ["errorRate", "p50", "p90", "p95", "p99"];

export const isOfRequests = (metric: MetricName): boolean => REQUEST_METRICS.includes(metric);

/** Observations a sample of this metric needs: minRequests for what requests measure, else one. */
export const neededCount = (metric: MetricName, analysis: Analysis): number =>
  isOfRequests(metric) ? Math.max(1, analysis.minRequests) : 1;

/** The condition at each of the times, in their order. */
export const measureAt = (
  condition: MetricCondition,
  times: readonly Instant[],
  windowMs: DurationMs,
  sight: Sight,
): readonly Point[] => {
  const { metric, bound } = condition;
  const judged = samplesOf(metric, sight.slots.judged, windowMs, sight.series);
  const concurrent =
    bound.kind !== "absolute" &&
    sight.analysis.baseline.from === "stable" &&
    sight.slots.stable !== null
      ? samplesOf(metric, sight.slots.stable, windowMs, sight.series)
      : null;
  const needed = neededCount(metric, sight.analysis);
  return times.map((at) => {
    const own = judged.enough(at, needed);
    if (own.kind === "unmeasured") return { kind: "unmeasured", at, reason: own.reason };
    const baseline = bound.kind === "absolute" ? null : baselineAt(metric, at, concurrent, sight);
    if (baseline !== null && baseline.kind === "unmeasured") {
      return { kind: "unmeasured", at, reason: baseline.reason };
    }
    const limit = resolveBound(bound, baseline?.value ?? 0);
    return {
      kind: "measured",
      at,
      satisfied: compare(own.value, condition.comparison, limit),
      value: own.value,
      bound: limit,
      baseline: baseline?.value ?? null,
      count: own.count,
    };
  });
};

type Measured =
  | { readonly kind: "measured"; readonly value: number; readonly count: number }
  | { readonly kind: "unmeasured"; readonly reason: Reason };

/** The stable slot now, or before the run where it now has too little traffic. A stable slot that
 * could not be measured at all is an error, not little traffic: no falling back then. */
const baselineAt = (
  metric: MetricName,
  at: Instant,
  concurrent: Samples | null,
  sight: Sight,
): Measured => {
  const needed = neededCount(metric, sight.analysis);
  const now = concurrent?.enough(at, needed) ?? null;
  if (now !== null && now.kind === "measured") return now;
  if (now !== null && now.reason.code !== "too-few") {
    const text = `the baseline could not be measured: ${now.reason.text}`;
    return {
      kind: "unmeasured",
      reason: { code: "baseline-unmeasured", text, numbers: { metric } },
    };
  }
  const before = sight.baseline[metric];
  if (before !== undefined && before.count >= needed && isMeasure(before.value)) {
    return { kind: "measured", value: before.value, count: before.count };
  }
  const text = `${metric} has no baseline: too little was measured on the stable release`;
  return { kind: "unmeasured", reason: { code: "no-baseline", text, numbers: { metric, needed } } };
};

interface Samples {
  /** The sample at this time, if it rests on enough observations. */
  enough(at: Instant, needed: number): Measured;
}

/** All samples of one metric, slot and window, whichever queries brought them in whatever order. */
const samplesOf = (
  metric: MetricName,
  slot: SlotName,
  windowMs: DurationMs,
  all: readonly Series[],
): Samples => {
  const samples = new Map<Instant, Sample>();
  let error: string | null = null;
  for (const series of all) {
    const { query } = series;
    if (query.metric !== metric || query.slot !== slot || query.windowMs !== windowMs) continue;
    if (series.kind === "error") {
      if (error === null || series.message < error) error = series.message;
      continue;
    }
    for (const sample of series.samples) {
      const known = samples.get(sample.at);
      if (known === undefined || weighsMore(sample, known)) samples.set(sample.at, sample);
    }
  }
  return { enough: (at, needed) => judgeSample(metric, samples.get(at), error, needed) };
};

const judgeSample = (
  metric: MetricName,
  sample: Sample | undefined,
  error: string | null,
  needed: number,
): Measured => {
  if (sample === undefined) {
    return error === null
      ? unmeasured("no-sample", `${metric} has a gap: a sample is missing`, { metric })
      : unmeasured("measure-error", `${metric} could not be measured: ${error}`, { metric });
  }
  const { value, count } = sample;
  if (!(count >= needed)) {
    const text = `${metric} rests on ${count} of the ${needed} observations that a verdict needs`;
    return unmeasured("too-few", text, { metric, count, needed, value });
  }
  if (value === null || !isMeasure(value)) {
    return unmeasured("no-value", `${metric} gave no value`, { metric, count });
  }
  return { kind: "measured", value, count };
};

const unmeasured = (
  code: string,
  text: string,
  numbers: NonNullable<Reason["numbers"]>,
): Measured => ({
  kind: "unmeasured",
  reason: { code, text, numbers },
});

/** Two samples for one instant: the one that saw more, so that the order of series is no matter. */
const weighsMore = (a: Sample, b: Sample): boolean =>
  a.count === b.count ? (a.value ?? -1) > (b.value ?? -1) : a.count > b.count;

/** No metric is ever negative or endless; what claims to be was not measured. */
const isMeasure = (value: number): boolean => Number.isFinite(value) && value >= 0;

/** In the metric's unit. */
const resolveBound = (bound: Bound, baseline: number): number => {
  switch (bound.kind) {
    case "absolute":
      return bound.value;
    case "timesBaseline":
      return bound.factor * baseline;
    case "abovePoints":
      return baseline + bound.add;
    case "abovePercent":
      return baseline * (1 + bound.percent / 100);
    default:
      return assertNever(bound);
  }
};

const compare = (value: number, comparison: Comparison, bound: number): boolean => {
  switch (comparison) {
    case "<":
      return value < bound;
    case "<=":
      return value <= bound;
    case ">":
      return value > bound;
    case ">=":
      return value >= bound;
    default:
      return assertNever(comparison);
  }
};
