// The Metrics port for what the keeper measures: cpu, memory, healthCheckFailures and restarts.
// Queries that differ in nothing but their metric are asked for together.

import { instant } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { MetricQuery, Series } from "../../core/series.ts";
import type { Layout } from "../../layout/layout.ts";
import type { Metrics } from "../../ports/metrics.ts";
import { keeperClient } from "./client.ts";
import type { KeeperClient } from "./client.ts";
import { keeperMetricSchema } from "./contract.ts";
import type { KeeperMetric, SeriesReply } from "./contract.ts";

export const processMetrics = (layout: Layout): Metrics => {
  const keeper = keeperClient(layout);
  return {
    read: async (lane, queries, signal) => {
      const asked = new Map<string, Promise<SeriesReply | Error>>();
      for (const [range, group] of Map.groupBy(queries.filter(isKeepers), rangeOf)) {
        asked.set(range, ask(keeper, lane, group, signal));
      }
      return Promise.all(
        queries.map(async (query) => seriesOf(query, await asked.get(rangeOf(query)))),
      );
    },
  };
};

const isKeepers = (query: MetricQuery): query is MetricQuery & { readonly metric: KeeperMetric } =>
  keeperMetricSchema.safeParse(query.metric).success;

const rangeOf = (query: MetricQuery): string =>
  `${query.slot} ${query.from} ${query.to} ${query.stepMs} ${query.windowMs} ${query.since ?? 0}`;

const ask = async (
  keeper: KeeperClient,
  lane: LaneKey,
  group: readonly (MetricQuery & { readonly metric: KeeperMetric })[],
  signal: AbortSignal,
): Promise<SeriesReply | Error> => {
  const [first] = group;
  if (first === undefined) return {};
  try {
    const metrics = [...new Set(group.map((query) => query.metric))];
    return await keeper.series(lane, { ...first, metrics }, signal);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const seriesOf = (query: MetricQuery, reply: SeriesReply | Error | undefined): Series => {
  if (reply instanceof Error)
    return { kind: "error", query, message: `the keeper: ${reply.message}` };
  const samples = isKeepers(query) ? reply?.[query.metric] : undefined;
  if (samples === undefined) {
    return { kind: "error", query, message: `the process target does not measure ${query.metric}` };
  }
  return {
    kind: "samples",
    query,
    samples: samples.map(({ at, value, count }) => ({ at: instant(at), value, count })),
  };
};
