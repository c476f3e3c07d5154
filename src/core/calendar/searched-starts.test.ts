// What is remembered of a search, held against a list, in whatever order it is asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { searchedStarts } from "./searched-starts.ts";

const times = fc
  .uniqueArray(fc.nat(2_000), { maxLength: 300 })
  .map((all) => all.toSorted((a, b) => a - b));
const question = fc.record({
  local: fc.integer({ min: -10, max: 2_010 }),
  back: fc.constantFrom(0, 1, 20, 500),
  forward: fc.boolean(),
});

test("in any order the answers are those of the list, and few are searched for anew", () => {
  fc.assert(
    fc.property(times, fc.array(question, { maxLength: 30 }), (all, questions) => {
      const starts = searchedStarts({
        next: (local, count) => all.filter((one) => one > local).slice(0, count),
        previous: (local) => all.findLast((one) => one <= local) ?? null,
      });
      for (const { local, back, forward } of questions) {
        if (forward) {
          const next = all.find((one) => one > local) ?? null;
          assert.equal(starts.after(local, 3_000), next);
          assert.equal(
            starts.after(local, local + 5),
            next !== null && next < local + 5 ? next : null,
          );
        } else {
          const before = all.findLast((one) => one <= local && one >= local - back) ?? null;
          assert.equal(starts.upTo(local, local - back), before);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test("what goes on is searched for in ever longer stretches", () => {
  let searches = 0;
  const starts = searchedStarts({
    next: (local, count) => {
      searches += 1;
      return Array.from({ length: count }, (_, index) => Math.floor(local) + 1 + index);
    },
    previous: (local) => {
      searches += 1;
      return Math.floor(local);
    },
  });
  for (let local = 0; local < 1_000; local += 1) {
    assert.equal(starts.upTo(local, local - 1), local);
    assert.equal(starts.after(local, 9_999), local + 1);
  }
  assert.ok(searches < 40, `${searches} searches`);
});
