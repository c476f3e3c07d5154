// The words of the threshold language: what a playbook may ask of a metric. Parsing is in
// threshold-parse.ts, judging in analysis.ts.

import type { DurationMs } from "./ids.ts";

/** Metrics a condition can name, each with the unit its values are kept in. */
export const METRICS = {
  errorRate: "percent",
  p50: "ms",
  p90: "ms",
  p95: "ms",
  p99: "ms",
  requests: "perSecond",
  cpu: "percent",
  memory: "percent",
  healthCheckFailures: "percent",
  restarts: "count",
} as const;

export type MetricName = keyof typeof METRICS;
export type MetricUnit = (typeof METRICS)[MetricName];

export type Comparison = "<" | "<=" | ">" | ">=";

/** What the measured value is compared with, in the metric's own unit. */
export type Bound =
  | { readonly kind: "absolute"; readonly value: number }
  /** `2x baseline` */
  | { readonly kind: "timesBaseline"; readonly factor: number }
  /** `baseline + 100ms`, `baseline + 10pp`: added in the metric's unit. */
  | { readonly kind: "abovePoints"; readonly add: number }
  /** `baseline + 10%`: relative to the baseline itself. */
  | { readonly kind: "abovePercent"; readonly percent: number };

/** `errorRate > 1% for 5m`. */
export interface MetricCondition {
  readonly kind: "metric";
  readonly metric: MetricName;
  readonly comparison: Comparison;
  readonly bound: Bound;
  /** How long it must hold without a break; 0 means one sample is enough. */
  readonly forMs: DurationMs;
  /** As written, for people. */
  readonly text: string;
}

/** `alert critical`: an open alert of that severity. */
export interface AlertCondition {
  readonly kind: "alert";
  readonly severity: string;
  readonly text: string;
}

/** `alert HighErrorRate`: an open alert of that name, whatever its severity. */
export interface NamedAlertCondition {
  readonly kind: "namedAlert";
  readonly name: string;
  readonly text: string;
}

export type Condition = MetricCondition | AlertCondition | NamedAlertCondition;

/** How samples are taken and when they are enough to judge by. */
export interface Analysis {
  /** A new sample and a new judgement this often. */
  readonly intervalMs: DurationMs;
  /** Each sample covers this much time behind it. */
  readonly windowMs: DurationMs;
  /** Fewer requests than this in a window give no verdict on what requests measure. */
  readonly minRequests: number;
  readonly baseline: BaselinePolicy;
}

export interface BaselinePolicy {
  /** `stable`: what the stable slot measures now, and what it measured before where it now has too
   * little traffic. `before`: only what it measured before the run touched anything. */
  readonly from: "stable" | "before";
  /** Length of the window before the run. */
  readonly windowMs: DurationMs;
}
