// Numbers as people read them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { age, bytes, duration, measured, share, version } from "./amounts.ts";

test("durations have two units at most and never round up to what has not passed", () => {
  const cases = [
    [-5, "0 ms"],
    [999, "999 ms"],
    [1_000, "1 s"],
    [1_450, "1.4 s"],
    [59_999, "59 s"],
    [60_000, "1 m"],
    [200_000, "3 m 20 s"],
    [7_500_000, "2 h 5 m"],
    [273_600_000, "3 d 4 h"],
  ] as const;
  for (const [ms, text] of cases) assert.equal(duration(ms), text);
  assert.deepEqual([5_999, 61_000, 7_200_000, 172_800_000].map(age), ["5 s", "1 m", "2 h", "2 d"]);
});

test("values have their unit, and no data is never zero", () => {
  assert.equal(measured(0.3149, "percent"), "0.31 %");
  assert.equal(measured(41.27, "ms"), "41.3 ms");
  assert.equal(measured(1_234.5, "perSecond"), "1235/s");
  assert.equal(measured(0, "count"), "0");
  assert.equal(measured(null, "percent"), "no data");
  assert.deepEqual([share(25), share(1_000)], ["2.5 %", "100 %"]);
});

test("sizes and versions", () => {
  assert.deepEqual([0, 1_023, 1_536, 48_213].map(bytes), ["0 B", "1023 B", "1.5 KiB", "47 KiB"]);
  assert.deepEqual(["hello@1.1.0", "1.1.0"].map(version), ["1.1.0", "1.1.0"]);
});
