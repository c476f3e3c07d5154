// The field's spellings: each is refused, with the sentence that says the same here.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseCondition } from "./threshold-parse.ts";

const hintOf = (text: string): string => {
  const parsed = parseCondition(text);
  return parsed.kind === "ok" ? assert.fail(`${text} was accepted`) : parsed.hint;
};

const NO_PERCENTILE = "it names no percentile, p50, p90 and p99 are there too";

const TABLE: readonly (readonly [written: string, hint: string])[] = [
  // As other systems write it.
  [
    "error_rate > 0.01",
    "write errorRate > 1%, or errorRate > 0.01%: without a sign 0.01 may be either",
  ],
  ["response_time_p95 > 1000", "write p95 > 1000ms, or p95 > 1000s: 1000 has no unit"],
  ["p95_latency > 0.5", "write p95 > 0.5s, or p95 > 0.5ms: 0.5 has no unit"],
  ["throughput > 10", "write requests > 10/s"],
  ["latency", "write it like p95 > 500ms"],
  ["latency > 500ms", `write p95 > 500ms: ${NO_PERCENTILE}`],
  ["latency > 500", `write p95 > 500ms, or p95 > 500s: 500 has no unit; ${NO_PERCENTILE}`],
  ["CPU > 90%", "write cpu > 90%"],
  ["cpu_utilization > 0.9", "write cpu > 90%, or cpu > 0.9%: without a sign 0.9 may be either"],
  ["memory_usage > 85", "write memory > 85%"],
  ["response time > 2x baseline", `write p95 > 2x baseline: ${NO_PERCENTILE}`],
  ["http_error_rate >= 5% for 5m", "write errorRate >= 5% for 5m"],
  ["pod_restarts > 3", "write restarts > 3"],
  ["rps < 10 req/s", "write requests < 10/s"],
  // As documents write it.
  ["Error rate > 5% for 5 minutes", "write errorRate > 5% for 5m"],
  [
    "Response time > 2x baseline for 10 minutes",
    `write p95 > 2x baseline for 10m: ${NO_PERCENTILE}`,
  ],
  ["Error rate > 1% for 5 consecutive minutes", "write errorRate > 1% for 5m"],
  ["Response time > 500ms (95th percentile) for 5 minutes", "write p95 > 500ms for 5m"],
  ["CPU utilization > 90% for 10 minutes", "write cpu > 90% for 10m"],
  ["Memory utilization > 95% for 5 minutes", "write memory > 95% for 5m"],
  ["Health check failures > 50% for 3 minutes", "write healthCheckFailures > 50% for 3m"],
  [
    "Error rate increases by 10%",
    "write errorRate > baseline + 10%, or errorRate > baseline + 10pp: 10% may be that share of " +
      "what it was, or 10 percentage points",
  ],
  ["P90 latency increases by 100ms", "write p90 > baseline + 100ms"],
  ["the error rate is above 5 percent", "write errorRate > 5%"],
  ["Memory ≤ 80%", "write memory <= 80%"],
  ["p95 response time is at most 200 ms", "write p95 <= 200ms"],
  ["99th percentile latency < 1 second", "write p99 < 1s"],
  // The metric is right, what it is compared with is not.
  ["errorRate > 5", "write errorRate > 5%"],
  ["errorRate > 1", "write errorRate > 1%"],
  [
    "errorRate > 0.05 for 5m",
    "write errorRate > 5% for 5m, or errorRate > 0.05% for 5m: without a sign 0.05 may be either",
  ],
  ["cpu > 1", "write cpu > 1%, or cpu > 100%: without a sign 1 may be either"],
  ["p95 > 500", "write p95 > 500ms, or p95 > 500s: 500 has no unit"],
  ["errorRate increases by 10pp", "write errorRate > baseline + 10pp"],
  ["errorRate > 1% for 5min", "write errorRate > 1% for 5m"],
];

test("each of the field's spellings is refused with the sentence to write", () => {
  for (const [written, hint] of TABLE) assert.equal(hintOf(written), hint, written);
});

test("what is measured elsewhere is left to the alerts of whoever measures it", () => {
  const queries = [
    'up{job="provisioner"} == 0',
    "rate(failures_total[5m]) / rate(deployments_total[5m]) > 0.1",
    "disk < 90%",
    "conversion rate > 3%",
    "availability < 99.9%",
  ];
  for (const text of queries) assert.match(hintOf(text), /let your monitoring alert on it/u, text);
});

test("what has no clear meaning gets no sentence that pretends to one", () => {
  const vague = ["errors > 5", "p75 > 100ms", "Error rate exceeds threshold", "errorRate > 5ms"];
  for (const text of [...vague, "average latency > 5ms", "p95 > 5%"]) {
    assert.doesNotMatch(hintOf(text), /^write \w+ [<>]/u, text);
  }
});

/** Near what people write, sensible or not. */
const written = fc
  .tuple(
    fc.constantFrom(
      "error_rate",
      "Error rate",
      "errorRate",
      "response time",
      "response_time_p99",
      "P90 latency",
      "latency",
      "p95",
      "CPU",
      "restarts",
      "throughput",
      "the failed health checks",
    ),
    fc.constantFrom(">", "<", "≥", "exceeds", "is above", "increases by", "at most", "="),
    fc.constantFrom("5", "0.01", "1000", "1", "0", "2x", "twice", "baseline +", "9999999999"),
    fc.constantFrom("", "%", " percent", "ms", " seconds", "/s", " baseline", " times", " 10pp"),
    fc.constantFrom("", " for 5 minutes", " for 5m", " for 2 days", " for", " (95th percentile)"),
  )
  .map(([subject, sign, number, unit, held]) => `${subject} ${sign} ${number}${unit}${held}`);

test("every sentence that a hint says to write is one that reads", () => {
  let advised = 0;
  fc.assert(
    fc.property(written, (text) => {
      const parsed = parseCondition(text);
      if (parsed.kind === "ok" || !/^write \w+ [<>]/u.test(parsed.hint)) return;
      const [sentences = ""] = parsed.hint.replace("write ", "").split(":");
      for (const sentence of sentences.split(", or ")) {
        assert.equal(parseCondition(sentence).kind, "ok", `${text} → ${sentence}`);
        advised += 1;
      }
    }),
    { numRuns: 3_000 },
  );
  assert.ok(advised > 200, `${advised} sentences`);
});
