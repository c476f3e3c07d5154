// Cron expressions: what is read here by itself, held against croner.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Cron } from "croner";
import fc from "fast-check";
import { HOUR, at } from "./calendar.testing.ts";
import { cronStarts } from "./cron-starts.ts";
import { plainCron } from "./plain-cron.ts";
import { UnreadableRule } from "./starts.ts";

const YEARS = 5 * 366 * 24 * HOUR;

const part = (min: number, max: number, names: readonly string[]): fc.Arbitrary<string> => {
  const value = fc.integer({ min, max });
  const named = names.length === 0 ? value.map(String) : fc.constantFrom(...names);
  const range = fc.tuple(value, value).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const step = fc.integer({ min: 1, max: 6 });
  return fc.oneof(
    fc.constant("*"),
    fc.oneof(value.map(String), named),
    range,
    fc.tuple(fc.oneof(fc.constant("*"), range), step).map(([all, by]) => `${all}/${by}`),
  );
};
const field = (min: number, max: number, names: readonly string[] = []): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant("*") },
    { weight: 3, arbitrary: part(min, max, names) },
    fc.array(part(min, max, names), { minLength: 2, maxLength: 3 }).map((all) => all.join(",")),
  );
const expression = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    field(1, 31),
    field(1, 12, ["JAN", "feb", "Dec"]),
    field(0, 7, ["SUN", "mon", "FRI-SUN", "TUE-THU", "SUN-MON"]),
  )
  .map((fields) => fields.join(" "));
const moment = fc
  .integer({ min: 0, max: 2 * 366 * 24 * 60 })
  .map((minutes) => at("2026-01-01T00:00:00Z") + minutes * 60_000 + 17_000);

const iso = (local: number): string => new Date(local).toISOString();

test("plain expressions begin when croner says", () => {
  fc.assert(
    fc.property(expression, moment, (text, local) => {
      assert.notEqual(plainCron(text), null, text);
      const starts = cronStarts(text);
      const cron = new Cron(text, { mode: "5-part", utcOffset: 0 });
      const next = cron.nextRun(iso(local))?.getTime() ?? null;
      const limit = local + YEARS;
      assert.equal(starts.after(local, limit), next !== null && next < limit ? next : null, text);
      if (next === null || next > limit) return;
      assert.equal(starts.upTo(next, next - HOUR), next, text);
      const before = cron.previousRuns(1, iso(next))[0]?.getTime() ?? null;
      assert.equal(starts.upTo(next - 1, (before ?? next) - HOUR), before, text);
    }),
    { numRuns: 300 },
  );
});

test("days that only croner knows are its days, whatever times of day are plain", () => {
  const lists = ["L * *", "15W * *", "1W,31W * 1-5", "L,3 MAR,nov 6", "LW 2-4 *", "* * FRI#2"];
  const more = ["*/7 1-6 5L", "31W 2 *", "28-31 * 0#5,3", "? * TUE#1"];
  const days = fc.constantFrom(...lists, ...more);
  const anywhere = fc.tuple(field(0, 59), field(0, 23), days).map((parts) => parts.join(" "));
  fc.assert(
    fc.property(anywhere, fc.array(moment, { minLength: 1, maxLength: 4 }), (text, moments) => {
      const starts = cronStarts(text);
      const cron = new Cron(text, { mode: "5-part", utcOffset: 0 });
      for (const local of moments) {
        const next = cron.nextRun(iso(local))?.getTime() ?? null;
        assert.equal(starts.after(local, local + YEARS), next, text);
        if (next === null) continue;
        assert.equal(starts.after(local, next), null, text);
        assert.equal(starts.upTo(next, next), next, text);
        const before = cron.previousRuns(1, iso(next))[0]?.getTime() ?? null;
        assert.equal(starts.upTo(next - 1, (before ?? next) - HOUR), before, text);
        assert.equal(starts.upTo(next - 1, (before ?? next) + 1), null, text);
      }
    }),
    { numRuns: 100 },
  );
});

test("what croner refuses is refused", () => {
  const wrong = fc.oneof(
    fc.stringMatching(/^[0-9*/,-]{1,6}( [0-9*/,-]{1,6}){4}$/u),
    fc.stringMatching(/^[A-Z0-9*/,#?LW -]{1,20}$/u),
  );
  const refusedBy = (read: () => unknown): boolean => {
    try {
      read();
      return false;
    } catch (thrown) {
      assert.ok(thrown instanceof Error);
      return true;
    }
  };
  fc.assert(
    fc.property(wrong, (text) => {
      const byCroner = refusedBy(() => new Cron(text, { mode: "5-part", utcOffset: 0 }));
      assert.equal(
        refusedBy(() => cronStarts(text)),
        byCroner,
        text,
      );
    }),
    { numRuns: 1_000 },
  );
});

test("the other forms of croner are searched for", () => {
  const table: readonly (readonly [expression: string, first: string, second: string])[] = [
    ["0 10 * * MON#1", "2026-12-07T10:00:00Z", "2027-01-04T10:00:00Z"],
    ["0 10 * * 5L", "2026-11-27T10:00:00Z", "2026-12-25T10:00:00Z"],
    ["30 9 L * *", "2026-11-30T09:30:00Z", "2026-12-31T09:30:00Z"],
    ["0 10 15W * *", "2026-12-15T10:00:00Z", "2027-01-15T10:00:00Z"],
    ["@weekly", "2026-11-29T00:00:00Z", "2026-12-06T00:00:00Z"],
  ];
  const from = at("2026-11-24T12:00:00Z");
  for (const [text, first, second] of table) {
    assert.equal(plainCron(text), null, text);
    const starts = cronStarts(text);
    assert.equal(starts.after(from, from + YEARS), at(first), text);
    assert.equal(starts.after(at(first), from + YEARS), at(second), text);
    assert.equal(starts.upTo(at(second) - 1, from), at(first), text);
    assert.equal(starts.upTo(at(second), from), at(second), text);
    assert.equal(starts.upTo(at(first) - 1, from), null, text);
  }
});

test("what never happens has an end, and what is wrong a message", () => {
  const from = at("2026-11-24T12:00:00Z");
  for (const text of ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31W 2 *"]) {
    assert.equal(cronStarts(text).after(from, from + YEARS), null);
    assert.equal(cronStarts(text).upTo(from, from - HOUR), null);
  }
  assert.throws(() => cronStarts("0 10 * *"), UnreadableRule);
  assert.throws(() => cronStarts("0 0 10 * * *"), UnreadableRule);
  assert.throws(() => cronStarts(`${"1,".repeat(200_000)}1 * * * *`), UnreadableRule);
});
