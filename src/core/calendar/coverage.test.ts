// Several recurrences as one stretch, asked in an order that no answer needs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../ids.ts";
import { HOUR, at } from "./calendar.testing.ts";
import type { Recurrence } from "./calendar.ts";
import { compiler } from "./compiled.ts";
import { coverageOf, type Coverage } from "./coverage.ts";

const FROM = at("2026-11-24T00:00:00Z");
const once = (from: number, to: number): Recurrence => ({
  kind: "once",
  text: `${from} to ${to}`,
  from: instant(FROM + from * HOUR),
  to: instant(FROM + to * HOUR),
});

const covering = (...recurrences: readonly Recurrence[]): Coverage =>
  coverageOf(
    compiler()(recurrences, "UTC", FROM),
    { answers: 1, unreadable: "never" },
    { left: 0 },
  );

test("a look that went only so far is taken up again by one that goes farther", () => {
  const coverage = covering(once(50, 60), once(10, 20));
  assert.equal(coverage.after(FROM, FROM + 5 * HOUR), FROM + 5 * HOUR);
  assert.equal(coverage.after(FROM, FROM + 40 * HOUR), FROM + 10 * HOUR);
  assert.equal(coverage.after(FROM + 30 * HOUR, FROM + 40 * HOUR), FROM + 40 * HOUR);
  assert.equal(coverage.after(FROM + 30 * HOUR, FROM + 100 * HOUR), FROM + 50 * HOUR);
  assert.equal(coverage.after(FROM + 5 * HOUR, FROM + 100 * HOUR), FROM + 10 * HOUR);
});

test("what adjoins and overlaps is one stretch, in whatever order it is written", () => {
  const coverage = covering(once(5, 6), once(0, 3), once(2, 5), once(7, 9), once(1, 2));
  assert.equal(coverage.until(FROM, FROM + 100 * HOUR), FROM + 6 * HOUR);
  assert.equal(coverage.until(FROM, FROM + 4 * HOUR), FROM + 4 * HOUR);
  assert.equal(coverage.until(FROM + 6 * HOUR, FROM + 100 * HOUR), FROM + 6 * HOUR);
  assert.equal(coverage.holds(FROM + 8 * HOUR), true);
  assert.equal(coverage.holds(FROM + 6 * HOUR), false);
  assert.deepEqual(
    coverage.holding(FROM + 2 * HOUR).map(({ text }) => text),
    ["0 to 3", "2 to 5"],
  );
});
