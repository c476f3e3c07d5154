// Which seconds a sample covers, and that sliding windows equal separate ones.

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { Ring } from "./ring.ts";
import { READING_NAMES, readSeries, type SeriesQuery } from "./series.ts";

/** Requests by second; `bad` of them are errors. All take 10 ms. */
const ringOf = (
  seconds: Readonly<Record<number, { readonly good: number; readonly bad: number }>>,
): Ring => {
  const ring = new Ring();
  for (const [second, { good, bad }] of Object.entries(seconds)) {
    for (let n = 0; n < good + bad; n += 1) {
      ring.count(Number(second), "requests");
      ring.observe(Number(second), 10);
      if (n < bad) ring.count(Number(second), "errors");
    }
  }
  return ring;
};

const at = (
  ring: Ring,
  from: number,
  window: number,
  now = 1_000_000,
): { value: number | null; count: number } => {
  const query = { from, to: from, step: 1000, window };
  const samples = readSeries(ring, query, ["errorRate"], { now, startedAt: 0 }).get("errorRate");
  return samples?.[0] ?? { value: null, count: -1 };
};

test("a sample at a whole second covers exactly the seconds of its window", () => {
  const ring = ringOf({
    99: { good: 0, bad: 1 },
    100: { good: 4, bad: 0 },
    101: { good: 4, bad: 2 },
    102: { good: 0, bad: 7 },
  });
  assert.deepEqual(at(ring, 102_000, 2000), { at: 102_000, value: 20, count: 10 });
});

test("seconds that began before the release had the slot do not count", () => {
  const ring = ringOf({ 100: { good: 0, bad: 9 }, 101: { good: 1, bad: 1 } });
  const errorRate = (since: number) =>
    readSeries(
      ring,
      { from: 102_000, to: 102_000, step: 1000, window: 2000, since },
      ["errorRate"],
      { now: 102_000, startedAt: 0 },
    ).get("errorRate");
  assert.deepEqual(errorRate(100_001), [{ at: 102_000, value: 50, count: 2 }]);
  assert.deepEqual(errorRate(101_000), [{ at: 102_000, value: 50, count: 2 }]);
  assert.deepEqual(errorRate(101_001), [{ at: 102_000, value: null, count: 0 }]);
});

test("a sample within a second takes that second in", () => {
  const ring = ringOf({ 100: { good: 4, bad: 0 }, 101: { good: 3, bad: 1 } });
  assert.deepEqual(at(ring, 101_001, 1000, 101_500), { at: 101_001, value: 25, count: 4 });
});

test("no requests have no value", () => {
  const samples = readSeries(
    new Ring(),
    { from: 0, to: 5000, step: 1000, window: 1000 },
    READING_NAMES,
    { now: 9000, startedAt: 0 },
  );
  for (const series of samples.values()) {
    assert.equal(series.length, 6);
    for (const { value, count } of series)
      assert.deepEqual({ value, count }, { value: null, count: 0 });
  }
});

test("times in the future and before the start have no data", () => {
  const ring = ringOf({ 100: { good: 4, bad: 0 }, 200: { good: 4, bad: 0 } });
  const query = { from: 101_000, to: 201_000, step: 100_000, window: 1000 };
  const samples = readSeries(ring, query, ["requests"], { now: 200_900, startedAt: 150_000 }).get(
    "requests",
  );
  assert.deepEqual(
    samples?.map(({ value }) => value),
    [null, null],
  );
});

test("a rate counts only the time that has passed", () => {
  const ring = ringOf({ 100: { good: 10, bad: 0 }, 101: { good: 5, bad: 0 } });
  const query = { from: 101_500, to: 101_500, step: 1000, window: 2000 };
  const rate = (startedAt: number): number | null | undefined =>
    readSeries(ring, query, ["requests"], { now: 101_500, startedAt }).get("requests")?.[0]?.value;
  assert.equal(rate(0), 10);
  assert.equal(rate(100_500), 15);
});

test("after two hours a second is overwritten by another", () => {
  const ring = ringOf({ 100: { good: 4, bad: 4 } });
  ring.count(100 + 7260, "requests");
  const now = (100 + 7260) * 1000 + 999;
  assert.deepEqual(at(ring, now, 1000, now), { at: now, value: 0, count: 1 });
  assert.equal(at(ring, 101_000, 1000, now).count, 0);
});

test("counters of one second stop at their limit instead of wrapping round", () => {
  const ring = new Ring();
  for (let n = 0; n < 70_000; n += 1) ring.count(5, "requests");
  assert.equal(at(ring, 6000, 1000).count, 65_535);
});

test("sliding over a range gives what each window gives by itself", () => {
  const seconds = fc.dictionary(
    fc.integer({ min: 1000, max: 1100 }).map(String),
    fc.record({ good: fc.nat(5), bad: fc.nat(5) }),
  );
  const query = fc.record({
    from: fc.integer({ min: 990_000, max: 1_100_000 }),
    step: fc.integer({ min: 1, max: 20_000 }),
    window: fc.integer({ min: 1, max: 30_000 }),
    length: fc.nat(20),
  });
  fc.assert(
    fc.property(seconds, query, (content, { from, step, window, length }) => {
      const ring = ringOf(content);
      const observed = { now: 1_150_000, startedAt: 0 };
      const asked: SeriesQuery = { from, to: from + step * length, step, window };
      const all = readSeries(ring, asked, ["errorRate", "p95", "requests"], observed);
      for (const [reading, samples] of all) {
        const single = samples.map(
          (sample) =>
            readSeries(ring, { ...asked, from: sample.at, to: sample.at }, [reading], observed).get(
              reading,
            )?.[0],
        );
        assert.deepEqual(samples, single);
      }
    }),
  );
});

test("300 samples of all readings over full minutes take less than 5 ms", () => {
  const ring = new Ring();
  for (let second = 10_000; second < 10_700; second += 1) {
    for (let n = 0; n < 100; n += 1) {
      ring.count(second, "requests");
      ring.observe(second, 1 + n * n);
    }
  }
  const query = { from: 10_400_000, to: 10_699_000, step: 1000, window: 300_000 };
  const once = (): number => {
    const begun = performance.now();
    readSeries(ring, query, READING_NAMES, { now: 10_700_000, startedAt: 0 });
    return performance.now() - begun;
  };
  const times = Array.from({ length: 20 }, once);
  assert.ok(Math.min(...times) < 5, `${Math.min(...times)} ms`);
});
