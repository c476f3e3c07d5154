// Which samples a judgement needs, as queries. Sample times are whole multiples of the analysis
// interval, so that every pass, on any replica, asks for the same instants and gets equal values.

import { instant, type DurationMs, type Instant } from "./ids.ts";
import type { SlotName } from "./lane.ts";
import type { MetricQuery } from "./series.ts";
import type { Analysis, Condition, MetricCondition, MetricName } from "./threshold.ts";

/** Whose values are judged, and whose are the concurrent baseline. */
export interface JudgedSlots {
  readonly judged: SlotName;
  /** Null: nothing to compare with at the same time (first release, or replaced in place). */
  readonly stable: SlotName | null;
}

/** A bake under way: its gates are judged over everything since it began. */
export interface Baking {
  readonly conditions: readonly Condition[];
  readonly since: Instant;
}

/** The last multiple of the interval that is not after `at`. */
export const alignDown = (at: Instant, intervalMs: DurationMs): Instant =>
  instant(Math.floor(at / intervalMs) * intervalMs);

/** The first multiple of the interval that is not before `at`: when a bake that ends then can be
 * judged over its whole length. */
export const alignUp = (at: Instant, intervalMs: DurationMs): Instant =>
  instant(Math.ceil(at / intervalMs) * intervalMs);

/** Sample times of a trigger, oldest first: from the one at or before now, back over at least
 * `forMs`. One sample for `for 0`. */
export const triggerTimes = (
  forMs: DurationMs,
  now: Instant,
  intervalMs: DurationMs,
): readonly Instant[] => {
  const last = alignDown(now, intervalMs);
  const times: Instant[] = [];
  for (let back = stepsIn(forMs, intervalMs); back >= 0; back -= 1) {
    times.push(instant(last - back * intervalMs));
  }
  return times;
};

/** Intervals that cover a duration. */
const stepsIn = (forMs: DurationMs, intervalMs: DurationMs): number =>
  Math.ceil(forMs / intervalMs);

/** The one sample of a bake's gates; windowMs is 0 until a sample time has come since it began. */
export const gateSample = (
  since: Instant,
  now: Instant,
  intervalMs: DurationMs,
): { readonly at: Instant; readonly windowMs: DurationMs } => {
  const at = alignDown(now, intervalMs);
  return { at, windowMs: Math.max(0, at - since) };
};

const comparesWithBaseline = (condition: Condition): condition is MetricCondition =>
  condition.kind === "metric" && condition.bound.kind !== "absolute";

/** Everything needed to judge these triggers, and this bake, at this moment. Each query once, the
 * longest of those that differ only in length; sorted, so that equal needs give equal lists. */
export const neededQueries = (need: {
  readonly triggers: readonly Condition[];
  readonly baking: Baking | null;
  readonly now: Instant;
  readonly analysis: Analysis;
  readonly slots: JudgedSlots;
}): readonly MetricQuery[] => {
  const { now, analysis } = need;
  const queries: MetricQuery[] = [];
  for (const condition of need.triggers) {
    if (condition.kind !== "metric") continue;
    const to = alignDown(now, analysis.intervalMs);
    const from = instant(to - stepsIn(condition.forMs, analysis.intervalMs) * analysis.intervalMs);
    for (const slot of slotsFor(condition, need)) {
      const { metric } = condition;
      queries.push({
        metric,
        slot,
        from,
        to,
        stepMs: analysis.intervalMs,
        windowMs: analysis.windowMs,
      });
    }
  }
  if (need.baking !== null) {
    const { at, windowMs } = gateSample(need.baking.since, now, analysis.intervalMs);
    for (const condition of windowMs > 0 ? need.baking.conditions : []) {
      if (condition.kind !== "metric") continue;
      for (const slot of slotsFor(condition, need)) {
        queries.push({
          metric: condition.metric,
          slot,
          from: at,
          to: at,
          stepMs: analysis.intervalMs,
          windowMs,
        });
      }
    }
  }
  return longestOfEach(queries);
};

const slotsFor = (
  condition: MetricCondition,
  { analysis, slots }: { readonly analysis: Analysis; readonly slots: JudgedSlots },
): readonly SlotName[] => {
  const concurrent = comparesWithBaseline(condition) && analysis.baseline.from === "stable";
  return concurrent && slots.stable !== null ? [slots.judged, slots.stable] : [slots.judged];
};

/** Metrics that these conditions compare with a baseline, each once, sorted. */
export const baselineMetrics = (conditions: readonly Condition[]): readonly MetricName[] =>
  [
    ...new Set(conditions.filter(comparesWithBaseline).map((condition) => condition.metric)),
  ].toSorted();

/** What to ask before a run touches anything: one sample a metric over the baseline's window. */
export const baselineQueries = (need: {
  readonly conditions: readonly Condition[];
  readonly stable: SlotName;
  readonly now: Instant;
  readonly analysis: Analysis;
}): readonly MetricQuery[] => {
  const at = alignDown(need.now, need.analysis.intervalMs);
  return baselineMetrics(need.conditions).map((metric) => ({
    metric,
    slot: need.stable,
    from: at,
    to: at,
    stepMs: need.analysis.intervalMs,
    windowMs: need.analysis.baseline.windowMs,
  }));
};

const longestOfEach = (queries: readonly MetricQuery[]): readonly MetricQuery[] => {
  const longest = new Map<string, MetricQuery>();
  for (const query of queries) {
    const key = `${query.metric} ${query.slot} ${query.windowMs} ${query.to}`;
    const known = longest.get(key);
    if (known === undefined || query.from < known.from) longest.set(key, query);
  }
  return [...longest.keys()].toSorted().flatMap((key) => longest.get(key) ?? []);
};
