// What is kept by its text, and that it has an end.

import assert from "node:assert/strict";
import { test } from "node:test";
import { remembered } from "./remembered.ts";

test("a text is worked out once, and again when too many others came between", () => {
  const worked: string[] = [];
  const of = remembered(2, (text) => {
    worked.push(text);
    return text === "" ? null : { text };
  });
  assert.equal(of("a"), of("a"));
  assert.equal(of(""), null);
  assert.equal(of(""), null);
  assert.deepEqual(worked, ["a", ""]);
  assert.deepEqual(of("c"), { text: "c" });
  assert.deepEqual(of("a"), { text: "a" });
  assert.deepEqual(worked, ["a", "", "c", "a"]);
});
