// Several sources of metrics as one: each query goes to the source that has its metric.

import type { MetricQuery, Series } from "../core/series.ts";
import type { MetricName } from "../core/threshold.ts";
import type { Metrics } from "../ports/metrics.ts";

/** A metric without a source gives an error series, never an empty one. */
export const combinedMetrics = (
  sources: Readonly<Partial<Record<MetricName, Metrics>>>,
): Metrics => ({
  read: async (lane, queries, signal) => {
    const bySource = new Map<Metrics | undefined, MetricQuery[]>();
    for (const query of queries) {
      const source = sources[query.metric];
      bySource.set(source, [...(bySource.get(source) ?? []), query]);
    }
    const answers = new Map<MetricQuery, Series>();
    await Promise.all(
      [...bySource].map(async ([source, asked]) => {
        const series = await source?.read(lane, asked, signal);
        for (const [index, query] of asked.entries()) {
          answers.set(query, series?.[index] ?? missing(query));
        }
      }),
    );
    return queries.map((query) => answers.get(query) ?? missing(query));
  },
});

const missing = (query: MetricQuery): Series => ({
  kind: "error",
  query,
  message: `nothing measures ${query.metric} here`,
});
