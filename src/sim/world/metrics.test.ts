// The simulated metrics against traffic whose values are known.

import assert from "node:assert/strict";
import { test } from "node:test";

import { instant, type EnvironmentName, type Instant, type RunId } from "../../core/ids.ts";
import type { MetricQuery, Sample } from "../../core/series.ts";
import type { MetricName } from "../../core/threshold.ts";
import { SERVICE } from "../roster.ts";
import { simMetrics, type SimMetrics } from "./metrics.ts";
import { simRouter } from "./router.ts";
import type { SimTarget } from "./target.ts";

const LANE = { service: SERVICE, environment: "production" as EnvironmentName };
const RELEASE = "web@1.0" as ReturnType<SimTarget["serving"]>[number];

/** 100 requests a second, all to one ready instance that answers every tenth with an error. */
const make = (): { readonly metrics: SimMetrics; readonly at: (ms: number) => void } => {
  let now = 0;
  const serving = (_: unknown, slot: string) => (slot === "blue" ? [RELEASE] : []);
  const router = simRouter({ ready: () => 1, changed: () => undefined, fenced: true });
  const target = { serving, standing: (_: unknown, slot: string) => serving(_, slot).length };
  const metrics = simMetrics({
    now: () => instant(now),
    target: target as unknown as SimTarget,
    router,
    qualityOf: () => ({
      readyAfterMs: 0,
      crashAfterMs: null,
      errorPercent: 10,
      p95Ms: 80,
      cpuPercent: 5,
    }),
    requestsPerSecond: 100,
  });
  const key = { ...LANE, run: "r" as RunId, generation: 1, ordinal: 0 };
  router.route(key, { blue: 1000, green: 0 });
  metrics.changed(LANE);
  return { metrics, at: (ms) => void (now = ms) };
};

const sample = (metrics: SimMetrics, metric: MetricName, since?: Instant): Sample | string => {
  const at = instant(10_000);
  const query: MetricQuery = {
    metric,
    slot: "blue",
    from: at,
    to: at,
    stepMs: 1_000,
    windowMs: 10_000,
  };
  const [series] = metrics.read([since === undefined ? query : { ...query, since }], LANE);
  return series?.kind === "samples" ? (series.samples[0] ?? "none") : "error";
};

test("values come from what the traffic really was", () => {
  const { metrics, at } = make();
  at(10_000);
  assert.deepEqual(sample(metrics, "errorRate"), { at: 10_000, value: 10, count: 1000 });
  assert.deepEqual(sample(metrics, "p95"), { at: 10_000, value: 80, count: 1000 });
});

test("what was before `since` does not count", () => {
  const { metrics, at } = make();
  at(10_000);
  assert.deepEqual(sample(metrics, "errorRate", instant(8_000)), {
    at: 10_000,
    value: 10,
    count: 200,
  });
});

test("an empty freeze loses counts for good, an error freeze only while it lasts", () => {
  const { metrics, at } = make();
  at(4_000);
  metrics.freeze("empty");
  at(9_000);
  metrics.thaw();
  at(10_000);
  assert.deepEqual(sample(metrics, "errorRate"), { at: 10_000, value: 10, count: 500 });
  metrics.freeze("error");
  assert.equal(sample(metrics, "errorRate"), "error");
  metrics.thaw();
  assert.notEqual(sample(metrics, "errorRate"), "error");
});
