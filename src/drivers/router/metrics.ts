// The Metrics port for what the embedded router measures: errorRate, p50, p90, p95, p99 and
// requests. Queries that differ in nothing but their metric are asked for together.

import { z } from "zod";

import { instant } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { MetricQuery, Series } from "../../core/series.ts";
import type { Layout } from "../../layout/layout.ts";
import type { Metrics } from "../../ports/metrics.ts";
import { type RouterClient, routePath, routerClient } from "./client.ts";

const MEASURED = ["errorRate", "p50", "p90", "p95", "p99", "requests"] as const;
type Measured = (typeof MEASURED)[number];

const samplesSchema = z.array(
  z.object({ at: z.number(), value: z.number().nullable(), count: z.number().int() }),
);
const replySchema = z.object({ series: z.partialRecord(z.enum(MEASURED), samplesSchema) });
const problemSchema = z.object({ message: z.string() });

type Reply = z.infer<typeof replySchema>["series"];
type Query = MetricQuery & { readonly metric: Measured };

export const routerMetrics = (layout: Layout): Metrics => {
  const client = routerClient(layout);
  return {
    read: async (lane, queries, signal) => {
      const asked = new Map<string, Promise<Reply | Error>>();
      for (const [range, group] of Map.groupBy(queries.filter(isMeasured), rangeOf)) {
        asked.set(range, ask(client, lane, group, signal));
      }
      return Promise.all(
        queries.map(async (query) => seriesOf(query, await asked.get(rangeOf(query)))),
      );
    },
  };
};

const isMeasured = (query: MetricQuery): query is Query =>
  MEASURED.some((metric) => metric === query.metric);

/** All of a query but its metric, as the router takes it. */
const rangeOf = ({ slot, from, to, stepMs, windowMs, since }: MetricQuery): string =>
  `slot=${slot}&from=${from}&to=${to}&step=${stepMs}&window=${windowMs}&since=${since ?? 0}`;

/** `group` has the same range throughout. */
const ask = async (
  client: RouterClient,
  lane: LaneKey,
  group: readonly Query[],
  signal: AbortSignal,
): Promise<Reply | Error> => {
  const [first] = group;
  if (first === undefined) return {};
  const metrics = [...new Set(group.map(({ metric }) => metric))].join(",");
  const path = `${routePath(lane)}/series?${rangeOf(first)}&metric=${metrics}`;
  try {
    const { status, json } = await client({ method: "GET", path, signal });
    if (status === 200) return replySchema.parse(json).series;
    return new Error(`the router: ${problemSchema.parse(json).message}`);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

const seriesOf = (query: MetricQuery, reply: Reply | Error | undefined): Series => {
  if (reply instanceof Error) return { kind: "error", query, message: reply.message };
  const samples = isMeasured(query) ? reply?.[query.metric] : undefined;
  if (samples === undefined) {
    const message = `the embedded router does not measure ${query.metric}`;
    return { kind: "error", query, message };
  }
  return {
    kind: "samples",
    query,
    samples: samples.map(({ at, value, count }) => ({ at: instant(at), value, count })),
  };
};
