import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closest, didYouMean, editDistance } from "./closest.ts";

test("a mistyped word finds its neighbour", () => {
  const known = ["errorRate", "p95", "p99", "memory", "cpu"];
  for (const [typed, meant] of [
    ["errorrate", "errorRate"],
    ["erorRate", "errorRate"],
    ["erroRrate", "errorRate"],
    ["memroy", "memory"],
    ["p59", "p95"],
    ["cpus", "cpu"],
  ] as const) {
    assert.equal(closest(typed, known), meant, typed);
  }
});

test("a word that is near to nothing finds nothing", () => {
  const known = ["errorRate", "p95"];
  for (const typed of ["", "saturation", "x", "e".repeat(300)]) {
    assert.equal(closest(typed, known), null);
  }
});

test("a hint names the neighbour, or what is known", () => {
  assert.equal(didYouMean("canray", ["canary", "rolling"]), "did you mean canary?");
  assert.equal(didYouMean("train", ["canary", "rolling"]), "known here: canary, rolling");
  assert.equal(didYouMean("train", []), "nothing is known here");
  const many = Array.from({ length: 20 }, (_, index) => `service-${index}`);
  assert.match(didYouMean("zebra", many), /service-11 and 8 more$/u);
});

test("the distance is symmetric, zero only for equal words, and at most the longer length", () => {
  const word = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b);
      assert.equal(distance, editDistance(b, a));
      assert.equal(distance === 0, a === b);
      assert.ok(distance <= Math.max(a.length, b.length));
    }),
  );
});
