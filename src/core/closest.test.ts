// What a hint offers for a mistyped word.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closest, didYouMean } from "./closest.ts";

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

test("of words that are equally near, the one that begins alike is meant", () => {
  const versions = ["hello@1.5.0", "hello@1.0.0", "hello@2.0.0"];
  assert.equal(closest("hello@1.0", versions), "hello@1.0.0");
  assert.equal(closest("hello@1.0", versions.toReversed()), "hello@1.0.0");
  assert.equal(closest("1.0", ["1.1", "1.0.0"]), "1.1");
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

test("one slip in a word of three letters or more is always found", () => {
  const word = fc.stringMatching(/^[a-z]{3,12}$/u);
  fc.assert(
    fc.property(word, fc.nat(), (meant, place) => {
      const at = place % meant.length;
      const dropped = meant.slice(0, at) + meant.slice(at + 1);
      const doubled = meant.slice(0, at) + meant.slice(at, at + 1) + meant.slice(at);
      for (const typed of [dropped, doubled, meant]) assert.equal(closest(typed, [meant]), meant);
    }),
  );
});
