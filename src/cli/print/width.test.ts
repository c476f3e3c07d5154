// Cells: what a terminal makes of text, however exotic.

import assert from "node:assert/strict";
import { test } from "node:test";
import { clean, clip, cut, padEnd, widthOf, wrap } from "./width.ts";

test("wide characters take two cells, combining ones and colour none", () => {
  const widths = [
    ["plain", 5],
    ["配送", 4],
    ["e\u0301", 1],
    ["👍", 2],
    ["👨‍👩‍👧", 2],
    ["\u001b[31mred\u001b[39m", 3],
    ["✔ ● ⏸ ▕█░▏", 10],
    ["", 0],
  ] as const;
  for (const [text, cells] of widths) assert.equal(widthOf(text), cells, text);
});

test("cutting keeps to the cells and says that something is missing", () => {
  assert.equal(cut("production", 10), "production");
  assert.equal(cut("production", 6), "produ…");
  assert.equal(cut("配送東京", 5), "配送…");
  assert.equal(cut("配送東京", 4), "配…");
  assert.equal(cut("abc", 1), "…");
  assert.equal(cut("abc", 0), "");
});

test("clipping keeps colour whole", () => {
  assert.equal(clip("\u001b[31mabcdef\u001b[39m", 3), "\u001b[31mabc\u001b[39m");
});

test("wrapping breaks at spaces, and longer words where it must", () => {
  assert.deepEqual(wrap("one two three", 7), ["one two", "three"]);
  assert.deepEqual(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
  assert.deepEqual(wrap("", 5), [""]);
});

test("padding counts cells, not characters", () => {
  assert.equal(padEnd("配", 4), "配  ");
});

test("nothing from outside can move the cursor, change colours or the order of reading", () => {
  assert.equal(clean("a\u001b[2Jb\u0007\r\nc\u202ed\u009b31m"), "ab cd");
});
