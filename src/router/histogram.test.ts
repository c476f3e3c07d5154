// The error bound that the analysis relies on, and what additive buckets promise.

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { bucketOf, BUCKETS, quantileMs, upperBoundMs } from "./histogram.ts";

const histogramOf = (values: readonly number[]): Float64Array => {
  const counts = new Float64Array(BUCKETS);
  for (const value of values) {
    const bucket = bucketOf(value);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
};

const nearestRank = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.max(1, Math.ceil(q * values.length)) - 1] ?? NaN;

test("a quantile is off by less than 6 %", () => {
  const latency = fc.double({ min: 0.1, max: 300_000, noNaN: true });
  const quantile = fc.constantFrom(0.5, 0.9, 0.95, 0.99, 1, 0.001);
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), quantile, (values, q) => {
      const exact = nearestRank(values, q);
      const read = quantileMs(histogramOf(values), values.length, q) ?? NaN;
      assert.ok(Math.abs(read - exact) <= exact * 0.06, `${read} for ${exact}`);
    }),
  );
});

test("adding histograms gives the histogram of all values", () => {
  const latencies = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }));
  fc.assert(
    fc.property(latencies, latencies, (a, b) => {
      const left = histogramOf(a);
      const right = histogramOf(b);
      assert.deepEqual(
        left.map((count, bucket) => count + (right[bucket] ?? 0)),
        histogramOf([...a, ...b]),
      );
    }),
  );
});

test("every value lies within its bucket's bounds", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.11, max: 250_000, noNaN: true }), (ms) => {
      const bucket = bucketOf(ms);
      assert.ok(ms <= upperBoundMs(bucket) * (1 + 1e-9));
      assert.ok(ms >= upperBoundMs(bucket - 1) * (1 - 1e-9));
    }),
  );
});

test("what is below, above or not a time at all still has a bucket", () => {
  for (const ms of [0, -5, NaN, -Infinity]) assert.equal(bucketOf(ms), 0);
  for (const ms of [1e9, Infinity]) assert.equal(bucketOf(ms), BUCKETS - 1);
});

test("no observations have no quantile", () => {
  assert.equal(quantileMs(new Float64Array(BUCKETS), 0, 0.95), null);
});
