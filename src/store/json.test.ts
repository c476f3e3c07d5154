// What JSON can say and jsonb cannot keep.

import assert from "node:assert/strict";
import { test } from "node:test";

import { storable, toJson } from "./json.ts";

void test("what jsonb refuses becomes the replacement character, all else stays", () => {
  const plain = { whole: "\u{1f600}", n: 1 };
  const given = { ...plain, text: "a\0b", half: "x\ud83dy", list: ["\0"], "k\0": null };
  const list = ["\ufffd"];
  const kept = { ...plain, text: "a\ufffdb", half: "x\ufffdy", list, "k\ufffd": null };
  assert.deepEqual(JSON.parse(toJson(given)), kept);
  assert.deepEqual(storable(given), kept);
});

void test("text that only spells an escape is kept as it is", () => {
  const given = { text: String.raw`\u0000 and \ud83d` };
  assert.deepEqual(JSON.parse(toJson(given)), given);
});

void test("a value that can be kept is the very same", () => {
  const given = { a: [1, "x"] };
  assert.equal(storable(given), given);
});
