// Judging: conditions over time series to verdicts that carry their numbers. Pure, and the same
// live, in the simulator and over history. Nothing unmeasured ever counts for or against a release.

import { alertReason, type OpenAlert } from "./alerts.ts";
import type { DurationMs, Instant } from "./ids.ts";
import { isOfRequests, measureAt, neededCount } from "./measure.ts";
import type { BaselineValues, Point, Sight } from "./measure.ts";
import type { Reason } from "./reason.ts";
import { baselineMetrics, baselineQueries, gateSample, triggerTimes } from "./sampling.ts";
import type { Series } from "./series.ts";
import { METRICS, type Condition, type MetricCondition } from "./threshold.ts";
import { formatDuration, formatMeasure } from "./units.ts";

export interface TriggerVerdict {
  /** `holds`: at every sample over its whole duration. `clear`: at least one sample contradicts.
   * `inconclusive`: nothing contradicts, but something could not be measured. */
  readonly kind: "holds" | "clear" | "inconclusive";
  readonly condition: Condition;
  /** The first sums up and has the numbers; further ones say what could not be measured. */
  readonly reasons: readonly Reason[];
}

export interface GateVerdict {
  /** `pass` and `fail` are measured; `inconclusive` is neither, and never lets anything go on. */
  readonly kind: "pass" | "fail" | "inconclusive";
  readonly condition: Condition;
  readonly reasons: readonly Reason[];
}

type Measured = Extract<Point, { kind: "measured" }>;

/** Does this trigger hold now, for as long as it must? */
export const judgeTrigger = (
  condition: Condition,
  sight: Sight & { readonly now: Instant; readonly alerts: readonly OpenAlert[] },
): TriggerVerdict => {
  if (condition.kind !== "metric") {
    const reason = alertReason(condition, sight.alerts);
    return { kind: reason.code === "alert-open" ? "holds" : "clear", condition, reasons: [reason] };
  }
  const { intervalMs, windowMs } = sight.analysis;
  const points = measureAt(
    condition,
    triggerTimes(condition.forMs, sight.now, intervalMs),
    windowMs,
    sight,
  );
  const missing = points.filter((point) => point.kind === "unmeasured");
  const contradicted = points.some((point) => point.kind === "measured" && !point.satisfied);
  const kind = contradicted ? "clear" : missing.length > 0 ? "inconclusive" : "holds";
  return {
    kind,
    condition,
    reasons: [
      triggerReason(kind, condition, points, sight),
      ...distinct(missing.map((point) => point.reason)),
    ],
  };
};

/** Did this gate hold over the bake so far? To judge a whole bake ask at alignUp(its end). */
export const judgeGate = (
  condition: Condition,
  sight: Sight & {
    readonly since: Instant;
    readonly now: Instant;
    readonly alerts: readonly OpenAlert[];
  },
): GateVerdict => {
  if (condition.kind !== "metric") {
    const reason = alertReason(condition, sight.alerts);
    return { kind: reason.code === "alert-open" ? "pass" : "fail", condition, reasons: [reason] };
  }
  const { at, windowMs } = gateSample(sight.since, sight.now, sight.analysis.intervalMs);
  const point = windowMs > 0 ? measureAt(condition, [at], windowMs, sight)[0] : undefined;
  if (point === undefined) {
    const text = `${condition.metric} has not been measured yet`;
    const reason = { code: "not-yet", text, numbers: { metric: condition.metric } };
    return { kind: "inconclusive", condition, reasons: [reason] };
  }
  if (point.kind === "unmeasured")
    return { kind: "inconclusive", condition, reasons: [point.reason] };
  const observations = point.count === 1 ? "1 observation" : `${point.count} observations`;
  const text =
    `${condition.metric} is ${comparison(condition, point)} ` +
    `over ${formatDuration(windowMs)} (${observations})`;
  const numbers = {
    ...numbersOf(condition, point),
    needed: neededCount(condition.metric, sight.analysis),
    windowMs,
  };
  const code = point.satisfied ? "gate-passed" : "gate-failed";
  return { kind: point.satisfied ? "pass" : "fail", condition, reasons: [{ code, text, numbers }] };
};

/** What the stable slot measured, from the answers to baselineQueries(). Metrics without enough
 * observations are left out: they have no baseline. */
export const captureBaseline = (
  asked: Parameters<typeof baselineQueries>[0],
  series: readonly Series[],
): BaselineValues => {
  const { analysis, stable } = asked;
  const { at, windowMs } = {
    at: baselineQueries(asked)[0]?.from,
    windowMs: analysis.baseline.windowMs,
  };
  if (at === undefined) return {};
  const sight: Sight = { series, baseline: {}, analysis, slots: { judged: stable, stable: null } };
  const captured = baselineMetrics(asked.conditions).flatMap((metric) => {
    // Any absolute condition gives the plain value.
    const bound = { kind: "absolute", value: 0 } as const;
    const condition: MetricCondition = {
      kind: "metric",
      metric,
      comparison: ">=",
      bound,
      forMs: 0,
      text: metric,
    };
    const point = measureAt(condition, [at], windowMs, sight)[0];
    return point?.kind === "measured"
      ? [[metric, { value: point.value, count: point.count, at }] as const]
      : [];
  });
  return Object.fromEntries(captured);
};

const triggerReason = (
  kind: TriggerVerdict["kind"],
  condition: MetricCondition,
  points: readonly Point[],
  sight: Sight,
): Reason => {
  const { metric, forMs } = condition;
  const latest = points.findLast((point): point is Measured => point.kind === "measured");
  const since = heldSince(points);
  const missing = points.filter((point) => point.kind === "unmeasured").length;
  const counts = {
    since,
    samples: points.length,
    missing,
    needed: neededCount(metric, sight.analysis),
  };
  if (latest === undefined) {
    const text = unmeasuredText(condition, points.at(-1));
    return { code: "trigger-inconclusive", text, numbers: { metric, value: null, ...counts } };
  }
  const heldMs = since === null ? null : latest.at - since;
  const held = kind === "holds" ? heldText(forMs, forMs) : heldText(heldMs, forMs);
  const gaps = missing === 0 ? "" : `, ${missing} of ${points.length} samples missing`;
  return {
    code: `trigger-${kind}`,
    text: `${metric} is ${comparison(condition, latest)}${held}${gaps}`,
    numbers: { ...numbersOf(condition, latest), ...counts },
  };
};

/** Names the condition, since another one of the same metric, over another time, may well have been
 * measured. Low traffic is the usual reason and no failure. */
const unmeasuredText = (condition: MetricCondition, newest: Point | undefined): string => {
  const { text, metric } = condition;
  if (newest?.kind !== "unmeasured") return `${text} cannot be judged: nothing was measured`;
  const { code, text: why, numbers } = newest.reason;
  if (code !== "too-few") return `${text} cannot be judged: ${why}`;
  const what = isOfRequests(metric) ? "requests" : "observations";
  const counted = `${numbers?.["count"]} of ${numbers?.["needed"]}`;
  return `${text} cannot be judged by so few ${what}: ${counted}`;
};

/** ` for 2m of 5m`; nothing where one sample is enough or the newest one contradicts. */
const heldText = (heldMs: DurationMs | null, forMs: DurationMs): string => {
  if (forMs === 0 || heldMs === null) return "";
  const of = heldMs === forMs ? "" : ` of ${formatDuration(forMs)}`;
  return ` for ${formatDuration(heldMs)}${of}`;
};

/** The oldest sample time of the unbroken row of satisfied samples that ends with the newest. */
const heldSince = (points: readonly Point[]): Instant | null => {
  let since: Instant | null = null;
  for (const point of points.toReversed()) {
    if (point.kind === "unmeasured" || !point.satisfied) break;
    since = point.at;
  }
  return since;
};

const WORDS = { "<": "below", "<=": "at or below", ">": "above", ">=": "at or above" } as const;

/** `4.8 %, above 1 %`; `210 ms, not above 300 ms (2x baseline)`. */
const comparison = (condition: MetricCondition, point: Measured): string => {
  const unit = METRICS[condition.metric];
  const word = `${point.satisfied ? "" : "not "}${WORDS[condition.comparison]}`;
  const from = point.baseline === null ? "" : ` (baseline ${formatMeasure(point.baseline, unit)})`;
  return `${formatMeasure(point.value, unit)}, ${word} ${formatMeasure(point.bound, unit)}${from}`;
};

const numbersOf = (
  condition: MetricCondition,
  point: Measured,
): NonNullable<Reason["numbers"]> => ({
  metric: condition.metric,
  unit: METRICS[condition.metric],
  value: point.value,
  bound: point.bound,
  baseline: point.baseline,
  count: point.count,
  at: point.at,
});

/** One of each code, in order of first appearance: twenty gaps are one reason. */
const distinct = (reasons: readonly Reason[]): readonly Reason[] =>
  reasons.filter(
    (reason, index) => reasons.findIndex((other) => other.code === reason.code) === index,
  );
