// Measured values as time series, the same for live metrics, the simulator and stored history.

import type { DurationMs, Instant } from "./ids.ts";
import type { SlotName } from "./lane.ts";
import type { MetricName } from "./threshold.ts";

/** One value over the window that ends at `at`. */
export interface Sample {
  readonly at: Instant;
  /** In the metric's unit; null where nothing could be computed (no requests, say). */
  readonly value: number | null;
  /** Observations behind the value: requests, probes or readings. */
  readonly count: number;
}

/** Samples at fromMs + k · stepMs up to toMs inclusive, each over the windowMs behind it. */
export interface MetricQuery {
  readonly metric: MetricName;
  readonly slot: SlotName;
  readonly from: Instant;
  readonly to: Instant;
  readonly stepMs: DurationMs;
  readonly windowMs: DurationMs;
  /** Observations before this instant do not count, however long the window: the slot belonged to
   * another release then. */
  readonly since?: Instant;
}

export type Series =
  | { readonly kind: "samples"; readonly query: MetricQuery; readonly samples: readonly Sample[] }
  /** It could not be measured: an error, not a failure of the condition. */
  | { readonly kind: "error"; readonly query: MetricQuery; readonly message: string };
