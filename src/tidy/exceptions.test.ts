// An exception excuses exactly what it names, and falls when it excuses nothing.

import assert from "node:assert/strict";
import { test } from "node:test";

import { withExceptions } from "./exceptions.ts";

const violation = { rule: "columns", path: "src/store/a.ts", line: 3, message: "too wide" };
const exception = { rule: "columns", path: "src/store/a.ts", why: "a table" };

test("the named rule in the named file is excused, nothing else", () => {
  const other = { ...violation, path: "src/store/b.ts" };
  const otherRule = { ...violation, rule: "header" };
  const left = withExceptions([violation, other, otherRule], [exception]);
  assert.deepEqual(left, [other, otherRule]);
});

test("an exception without a violation is a violation", () => {
  const [stale] = withExceptions([], [exception]);
  assert.equal(stale?.rule, "exceptions");
  assert.match(stale?.message ?? "", /strike the exception/);
});
