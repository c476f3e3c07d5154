// Two hours of seconds in fixed memory, and the windows computed from them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { History, sampleCount } from "./history.ts";

const NOW = 1_800_000_000_000;
const TWO_HOURS = 7_200;
const query = (from: number, to: number, stepMs: number, windowMs: number) => ({
  from,
  to,
  stepMs,
  windowMs,
});

test("CPU is the mean of all readings in the window", () => {
  const history = new History();
  for (const [second, percents] of [
    [-2, [10, 30]],
    [-1, [80]],
  ] as const) {
    for (const percent of percents) {
      history.add(NOW + second * 1000, "cpuSum", percent);
      history.add(NOW + second * 1000, "cpuCount", 1);
    }
  }
  assert.deepEqual(history.samples("cpu", query(NOW, NOW, 1000, 2000)), [
    { at: NOW, value: 40, count: 3 },
  ]);
  assert.deepEqual(history.samples("cpu", query(NOW, NOW, 1000, 1000)), [
    { at: NOW, value: 80, count: 1 },
  ]);
});

test("failed probes are a share of all probes, and the count says of how many", () => {
  const history = new History();
  for (let probe = 0; probe < 8; probe += 1) history.add(NOW - 1000, "probes", 1);
  for (let probe = 0; probe < 2; probe += 1) history.add(NOW - 1000, "failedProbes", 1);
  assert.deepEqual(history.samples("healthCheckFailures", query(NOW, NOW, 1000, 5000)), [
    { at: NOW, value: 25, count: 8 },
  ]);
});

test("seconds that began before the release had the slot do not count", () => {
  const history = new History();
  history.add(NOW - 2000, "probes", 1);
  history.add(NOW - 2000, "failedProbes", 1);
  history.add(NOW - 1000, "probes", 1);
  const failures = (since: number) =>
    history.samples("healthCheckFailures", { ...query(NOW, NOW, 1000, 5000), since });
  assert.deepEqual(failures(NOW - 1999), [{ at: NOW, value: 0, count: 1 }]);
  assert.deepEqual(failures(NOW - 1000), [{ at: NOW, value: 0, count: 1 }]);
  assert.deepEqual(failures(NOW - 999), [{ at: NOW, value: null, count: 0 }]);
});

test("restarts are counted where instances were observed, and unknown elsewhere", () => {
  const history = new History();
  history.add(NOW - 3000, "observed", 2);
  history.add(NOW - 2000, "observed", 2);
  history.add(NOW - 2000, "restarts", 1);
  assert.deepEqual(history.samples("restarts", query(NOW - 3000, NOW + 1000, 1000, 1000)), [
    { at: NOW - 3000, value: null, count: 0 },
    { at: NOW - 2000, value: 0, count: 2 },
    { at: NOW - 1000, value: 1, count: 2 },
    { at: NOW, value: null, count: 0 },
    { at: NOW + 1000, value: null, count: 0 },
  ]);
});

test("the second that is not over yet is left to the next window", () => {
  const history = new History();
  history.add(NOW + 200, "memorySum", 50);
  history.add(NOW + 200, "memoryCount", 1);
  assert.equal(history.samples("memory", query(NOW + 900, NOW + 900, 1000, 1000))[0]?.value, null);
  assert.equal(history.samples("memory", query(NOW + 1100, NOW + 1100, 1000, 1000))[0]?.value, 50);
});

test("what is older than two hours is forgotten, also within a window that begins before", () => {
  const history = new History();
  for (let second = 0; second < TWO_HOURS + 100; second += 1) {
    history.add(NOW + second * 1000, "memorySum", second < 100 ? 100 : 50);
    history.add(NOW + second * 1000, "memoryCount", 1);
  }
  const end = NOW + (TWO_HOURS + 100) * 1000;
  const [all] = history.samples("memory", query(end, end, 1000, 24 * 3_600_000));
  assert.deepEqual(all, { at: end, value: 50, count: TWO_HOURS });
});

test("a range that ends before it begins has no samples", () => {
  assert.equal(sampleCount(query(NOW, NOW - 1, 1000, 1000)), 0);
  assert.equal(sampleCount(query(NOW, NOW, 1000, 1000)), 1);
  assert.deepEqual(new History().samples("cpu", query(NOW, NOW - 1, 1000, 1000)), []);
});
