// Where measured values come from.

import type { LaneKey } from "../core/lane.ts";
import type { MetricQuery, Series } from "../core/series.ts";

export interface Metrics {
  /** One series per query, in order. What could not be measured is a series of kind `error`;
   * never throws. */
  read(
    lane: LaneKey,
    queries: readonly MetricQuery[],
    signal: AbortSignal,
  ): Promise<readonly Series[]>;
}
