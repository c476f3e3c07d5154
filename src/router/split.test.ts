// The share each slot gets, over any number of requests.

import assert from "node:assert/strict";
import { test } from "node:test";

import fc from "fast-check";

import { Split } from "./split.ts";

const splitOf = (green: number): Split => {
  const split = new Split();
  split.set({ blue: 1000 - green, green });
  return split;
};

test("after any number of requests each slot has had its share, give or take one", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999 }),
      fc.integer({ min: 1, max: 3000 }),
      (green, requests) => {
        const split = splitOf(green);
        let got = 0;
        for (let n = 0; n < requests; n += 1) if (split.pick() === "green") got += 1;
        assert.ok(
          Math.abs(got - (requests * green) / 1000) <= 1,
          `${got} of ${requests} at ${green}`,
        );
      },
    ),
  );
});

test("0 and 1000 are none and all", () => {
  for (const [green, slot] of [
    [0, "blue"],
    [1000, "green"],
  ] as const) {
    const split = splitOf(green);
    for (let n = 0; n < 2000; n += 1) assert.equal(split.pick(), slot);
  }
});

test("a weight taken away is gone with the next request", () => {
  const split = splitOf(999);
  for (let n = 0; n < 7; n += 1) split.pick();
  split.set({ blue: 1000, green: 0 });
  assert.equal(split.pick(), "blue");
});

test("without weights no slot is picked", () => {
  assert.equal(new Split().pick(), null);
});

test("a client that repeats itself every twenty requests meets both slots with each", () => {
  const split = splitOf(50);
  const met = new Set<number>();
  for (let n = 0; n < 20 * 400; n += 1) if (split.pick() === "green") met.add(n % 20);
  assert.equal(met.size, 20);
});
