// Virtual time and seeded chance: in order, in full, and the same again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { later } from "../core/ids.ts";
import { chance } from "./prng.ts";
import { BEGINNING, timeline } from "./timeline.ts";

test("events happen in the order of their instants, and the clock stands at each", () => {
  const time = timeline(chance(1, "time"));
  const seen: (readonly [number, number])[] = [];
  for (const ms of [500, 20, 300, 20, 0]) {
    time.after(ms, () => seen.push([ms, time.now() - BEGINNING]));
  }
  while (time.advance(later(BEGINNING, 1_000)));
  assert.deepEqual(seen.map(([ms]) => ms).toSorted(numerically), [0, 20, 20, 300, 500]);
  assert.ok(seen.every(([ms, at]) => ms === at));
  assert.equal(time.now(), BEGINNING + 1_000);
  assert.equal(time.count(), 5);
});

test("what was taken back does not happen, and what lies beyond waits", () => {
  const time = timeline(chance(1, "time"));
  const seen: string[] = [];
  const takeBack = time.after(10, () => seen.push("taken back"));
  time.after(20, () => seen.push("soon"));
  time.after(2_000, () => seen.push("late"));
  takeBack();
  while (time.advance(later(BEGINNING, 1_000)));
  assert.deepEqual(seen, ["soon"]);
  while (time.advance(later(BEGINNING, 3_000)));
  assert.deepEqual(seen, ["soon", "late"]);
});

test("the seed draws the order of events at one instant", () => {
  const orderOf = (seed: number): string => {
    const time = timeline(chance(seed, "time"));
    const seen: number[] = [];
    for (let event = 0; event < 8; event += 1) time.after(5, () => seen.push(event));
    while (time.advance(later(BEGINNING, 10)));
    return seen.join();
  };
  assert.equal(orderOf(1), orderOf(1));
  assert.notEqual(orderOf(1), orderOf(2));
});

test("a stream is the same for the same seed and name, and other for any other", () => {
  const draws = (seed: number, name: string): string => {
    const stream = chance(seed, name);
    return Array.from({ length: 4 }, () => stream.int(0, 1_000_000)).join();
  };
  assert.equal(draws(7, "wire"), draws(7, "wire"));
  const others = [draws(7, "time"), draws(8, "wire"), draws(7 + 2 ** 32, "wire")];
  assert.equal(new Set([draws(7, "wire"), ...others]).size, 4);
});

test("draws keep their bounds and are spread over them", () => {
  const stream = chance(3, "bounds");
  const drawn = Array.from({ length: 6_000 }, () => stream.int(1, 6));
  for (let face = 1; face <= 6; face += 1) {
    const times = drawn.filter((one) => one === face).length;
    assert.ok(times > 850 && times < 1_150, `${face} came ${times} times`);
  }
  assert.ok(drawn.every((one) => one >= 1 && one <= 6));
  assert.equal(stream.hit(0), false);
  assert.equal(stream.hit(1), true);
  assert.throws(() => stream.pick([]), /nothing to pick from/u);
});

const numerically = (a: number, b: number): number => a - b;
