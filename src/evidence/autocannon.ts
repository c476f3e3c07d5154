// autocannon's JSON. It has no 95th percentile, and none is made up: 97.5 goes by its own name, so
// a gate on `performanceP95` asks for another report.

import { z } from "zod";
import type { EvidenceValue } from "../core/evidence/evidence.ts";
import { amount, isObject, parsePart } from "./json-parts.ts";
import type { ReportContent, Source } from "./report.ts";
import { counted, errorShare, milliseconds } from "./shares.ts";

const TIMES = {
  p50: "performanceP50",
  p90: "performanceP90",
  p97_5: "performanceP97_5",
  p99: "performanceP99",
} as const;

const REPORT = z.object({
  latency: z.object(
    Object.fromEntries(Object.keys(TIMES).map((key) => [key, amount.optional()])),
  ),
  requests: z.object({ total: amount.int("expected a whole number") }),
  errors: amount,
  non2xx: amount,
  mismatches: amount.optional(),
});

export const looksLikeAutocannon = (json: Readonly<Record<string, unknown>>): boolean =>
  isObject(json["latency"]) && isObject(json["requests"]) && "non2xx" in json;

export const readAutocannon = (json: unknown, source: Source): ReportContent => {
  const { latency, requests, errors, ...answers } = parsePart(REPORT, json, { source, path: "" });
  const values: Record<string, EvidenceValue> = { requests: counted(requests.total) };
  // Requests that got no answer are not among those that were completed.
  const sent = requests.total + errors;
  const wrong = errors + answers.non2xx + (answers.mismatches ?? 0);
  if (sent > 0) values["errorRate"] = errorShare(Math.min(1, wrong / sent));
  for (const [key, name] of Object.entries(TIMES)) {
    const time = latency[key];
    if (time !== undefined && requests.total > 0) values[name] = milliseconds(time);
  }
  return { format: "autocannon", values, findings: [] };
};
