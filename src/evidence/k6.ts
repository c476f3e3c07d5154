// k6's summary of a load test, in its three shapes: --summary-export, the data of handleSummary,
// and the one with a version. Times are in milliseconds in all of them. A test without requests
// gives no times, since it measured none.

import { z } from "zod";
import type { EvidenceValue } from "../core/evidence/evidence.ts";
import { amount, eachOf, isObject, list, parsePart, rate, under } from "./json-parts.ts";
import type { PartOf } from "./json-parts.ts";
import type { ReportContent, Source } from "./report.ts";
import { counted, errorShare, milliseconds } from "./shares.ts";

/** Percentiles by k6's name. Which ones are there is the test's own choice. */
const TIMES = {
  med: "performanceP50",
  "p(90)": "performanceP90",
  "p(95)": "performanceP95",
  "p(99)": "performanceP99",
} as const;

const DURATION = z.object(
  Object.fromEntries(Object.keys(TIMES).map((key) => [key, amount.optional()])),
);
const FAILED = z.object({ rate: rate.optional(), value: rate.optional() });
const REQUESTS = z.object({ count: amount.int("expected a whole number") });
const VERSIONED = z.object({ results: z.object({ metrics: list }) });
const METRIC = z.object({ name: z.string("expected a name"), values: z.unknown() });

/** One metric's numbers, and where they stand. */
interface Found {
  readonly values: unknown;
  readonly of: PartOf;
}

export const looksLikeK6 = (json: Readonly<Record<string, unknown>>): boolean => {
  const { metrics, results, metadata } = json;
  if (isObject(metrics)) return Object.keys(metrics).some((name) => METRIC_NAME.test(name));
  return (
    isObject(results) &&
    Array.isArray(results["metrics"]) &&
    isObject(metadata) &&
    "k6Version" in metadata
  );
};

/** Every run counts one of these. */
const METRIC_NAME = /^(?:http_req|iterations$|vus$)/u;

export const readK6 = (json: unknown, source: Source): ReportContent => {
  const metrics = metricsIn(json, { source, path: "" });
  const reqs = found(metrics, "http_reqs", source);
  const { count } = parsePart(REQUESTS, reqs.values, reqs.of);
  const values: Record<string, EvidenceValue> = { requests: counted(count) };
  if (count > 0) Object.assign(values, measured(metrics, source));
  return { format: "k6", values, findings: [] };
};

const measured = (
  metrics: ReadonlyMap<string, Found>,
  source: Source,
): Readonly<Record<string, EvidenceValue>> => {
  const took = found(metrics, "http_req_duration", source);
  const times = parsePart(DURATION, took.values, took.of);
  const values: Record<string, EvidenceValue> = {};
  for (const [key, name] of Object.entries(TIMES)) {
    const time = times[key];
    if (time !== undefined) values[name] = milliseconds(time);
  }
  const failures = metrics.get("http_req_failed");
  if (failures === undefined) return values;
  const failed = parsePart(FAILED, failures.values, failures.of);
  // `passes` and `fails` are left alone: they count the other way round than they read.
  const share = failed.rate ?? failed.value;
  if (share !== undefined) values["errorRate"] = errorShare(share);
  return values;
};

const metricsIn = (json: unknown, whole: PartOf): ReadonlyMap<string, Found> => {
  const metrics = new Map<string, Found>();
  const plain = isObject(json) ? json["metrics"] : undefined;
  if (isObject(plain)) {
    for (const [name, metric] of Object.entries(plain)) {
      const of = under(under(whole, "metrics"), name);
      const inner = isObject(metric) ? metric["values"] : undefined;
      const found = inner === undefined ? { values: metric, of } : { values: inner, of };
      metrics.set(name, found);
    }
    return metrics;
  }
  const { results } = parsePart(VERSIONED, json, whole);
  eachOf(results.metrics, under(under(whole, "results"), "metrics"), (entry, of) => {
    const { name, values } = parsePart(METRIC, entry, of);
    metrics.set(name, { values, of: under(of, "values") });
  });
  return metrics;
};

/** Absent is read as nothing, so that the refusal says what was expected and where. */
const found = (metrics: ReadonlyMap<string, Found>, name: string, source: Source): Found =>
  metrics.get(name) ?? { values: undefined, of: { source, path: `metrics.${name}` } };
