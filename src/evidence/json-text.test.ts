// Where faulty JSON is said to be wrong agrees with what the runtime accepts.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jsonFaultAt } from "./json-fault.ts";

const accepted = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

test("the first token that cannot be where it is", () => {
  const table: readonly (readonly [text: string, at: number])[] = [
    ['{"a": nope}', 6],
    ["[1,]", 3],
    ['{"a":1,}', 7],
    ["{,}", 1],
    ["[1 2]", 3],
    ["{1:2}", 1],
    ['{"a" 1}', 5],
    ['{"a":1]', 6],
    ["[}", 1],
    ["]", 0],
    ["1,2", 1],
    ["[01]", 2],
    ["[.5]", 1],
    ["[-]", 1],
    ["[nul]", 1],
    [' \n{"a": ["b\\"", tru]}', 16],
  ];
  for (const [text, at] of table) {
    assert.equal(jsonFaultAt(text), at, text);
    assert.ok(!accepted(text), text);
  }
});

const PIECES = ["{", "}", "[", "]", ":", ",", '"a"', '"\\""', "1", "-2.5e3", "null"];

test("good JSON has no fault, and what has one is refused by the runtime", () => {
  const piece = fc.constantFrom(...PIECES);
  const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(" "));
  const json = fc.json({ maxDepth: 3 });
  const cut = fc.tuple(json, fc.nat(), piece).map(([text, at, put]) => {
    const from = at % (text.length + 1);
    return text.slice(0, from) + put + text.slice(from);
  });
  fc.assert(
    fc.property(fc.oneof(json, soup, cut), (text) => {
      const whole = jsonFaultAt(text) === text.length;
      if (accepted(text)) assert.ok(whole, text);
      if (!whole) assert.ok(!accepted(text), text);
    }),
    { numRuns: 3_000 },
  );
});
