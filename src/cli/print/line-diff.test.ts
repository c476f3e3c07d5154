// Lines that went and came: applied to the old text they give the new one.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineDiff } from "./line-diff.ts";

const lines = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 12 });

test("what is not new is the old text, what is not gone is the new one", () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before, after);
      const side = (without: string) =>
        diff.filter(({ kind }) => kind !== without).map(({ text }) => text);
      assert.deepEqual(side("new"), before);
      assert.deepEqual(side("gone"), after);
    }),
  );
});

test("equal texts have no difference", () => {
  assert.ok(lineDiff(["a", "b"], ["a", "b"]).every(({ kind }) => kind === "same"));
});
