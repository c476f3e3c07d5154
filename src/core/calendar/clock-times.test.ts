// Times of day as bits, held against a list of minutes.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { oneTime, timeFrom, timeUpTo } from "./clock-times.ts";

test("the first time from a minute on and the last up to it are those of a list", () => {
  const bits = (size: number): fc.Arbitrary<readonly number[]> =>
    fc.uniqueArray(fc.nat(size - 1), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(bits(24), bits(60), fc.nat(1_439), (hours, minutes, minute) => {
      const times = {
        hours: hours.reduce((set, hour) => set | (1 << hour), 0),
        early: minutes.reduce((set, one) => (one < 30 ? set | (1 << one) : set), 0),
        late: minutes.reduce((set, one) => (one < 30 ? set : set | (1 << (one - 30))), 0),
      };
      const all = hours
        .flatMap((hour) => minutes.map((one) => hour * 60 + one))
        .toSorted((a, b) => a - b);
      assert.equal(timeFrom(times, minute), all.find((one) => one >= minute) ?? -1);
      assert.equal(timeUpTo(times, minute), all.findLast((one) => one <= minute) ?? -1);
    }),
    { numRuns: 1_000 },
  );
});

test("one time of day is the only one", () => {
  for (const minute of [0, 29, 30, 59, 60, 600, 1_439]) {
    const times = oneTime(minute);
    assert.equal(timeFrom(times, 0), minute);
    assert.equal(timeUpTo(times, 1_439), minute);
    assert.equal(timeFrom(times, minute + 1), -1);
  }
});
