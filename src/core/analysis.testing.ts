// Series as a metrics source would answer, for tests of what is judged by them.

import { instant, type Instant } from "./ids.ts";
import type { Sight } from "./measure.ts";
import type { MetricQuery, Sample, Series } from "./series.ts";
import type { Analysis, Condition } from "./threshold.ts";
import { parseCondition } from "./threshold-parse.ts";

export const INTERVAL = 15_000;
export const NOW = instant(1_000 * INTERVAL + 4_321);
/** The newest sample time at NOW. */
export const LAST = instant(1_000 * INTERVAL);

export const ANALYSIS: Analysis = {
  intervalMs: INTERVAL,
  windowMs: 60_000,
  minRequests: 50,
  baseline: { from: "stable", windowMs: 600_000 },
};

/** Throws on what is not a condition. */
export const condition = (text: string): Condition => {
  const parsed = parseCondition(text);
  if (parsed.kind === "error") throw new Error(`${text}: ${parsed.message}`);
  return parsed.condition;
};

/** A value, a value with its count, or a gap. */
export type Told = number | readonly [value: number | null, count: number] | "gap";

/** Answers a query with these values, the last one at its end. */
export const answer = (query: MetricQuery, told: readonly Told[]): Series => ({
  kind: "samples",
  query,
  samples: told.flatMap((one, index): readonly Sample[] => {
    if (one === "gap") return [];
    const at = instant(query.to - (told.length - 1 - index) * query.stepMs);
    const [value, count] = typeof one === "number" ? [one, 100] : one;
    return [{ at, value, count }];
  }),
});

export const failed = (query: MetricQuery, message = "connection refused"): Series => ({
  kind: "error",
  query,
  message,
});

/** What is measured on blue, the candidate; green is stable. */
export const query = (
  metric: MetricQuery["metric"],
  given: Partial<MetricQuery> = {},
): MetricQuery => ({
  metric,
  slot: "blue",
  from: LAST,
  to: LAST,
  stepMs: INTERVAL,
  windowMs: ANALYSIS.windowMs,
  ...given,
});

export const sight = (
  series: readonly Series[],
  given: Partial<Sight> = {},
): Sight & { readonly now: Instant; readonly alerts: readonly [] } => ({
  series,
  baseline: {},
  analysis: ANALYSIS,
  slots: { judged: "blue", stable: "green" },
  ...given,
  now: NOW,
  alerts: [],
});
