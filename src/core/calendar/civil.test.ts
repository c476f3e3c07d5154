// Dates by arithmetic, held against Temporal.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  DAY_MS,
  civilOf,
  dateText,
  dayOf,
  dayOfLocal,
  monthLength,
  readClock,
  readDate,
  readLocal,
  weekdayOf,
} from "./civil.ts";

const day = fc.integer({ min: -700_000, max: 1_200_000 });

test("every day has the date, the weekday and the month that Temporal gives it", () => {
  fc.assert(
    fc.property(day, (one) => {
      const date = Temporal.PlainDate.from("1970-01-01").add({ days: one });
      assert.deepEqual(civilOf(one), { year: date.year, month: date.month, day: date.day });
      assert.equal(weekdayOf(one) + 1, date.dayOfWeek);
      assert.equal(monthLength(date.year, date.month), date.daysInMonth);
      assert.equal(dayOf(date.year, date.month, date.day), one);
    }),
    { numRuns: 2_000 },
  );
});

test("leap days are where the Gregorian calendar has them", () => {
  for (const [year, days] of [
    [2000, 29],
    [2023, 28],
    [2024, 29],
    [2028, 29],
    [2100, 28],
    [2400, 29],
  ] as const) {
    assert.equal(monthLength(year, 2), days, String(year));
    assert.equal(dateText(dayOf(year, 2, 28) + 1), days === 29 ? `${year}-02-29` : `${year}-03-01`);
  }
});

test("what is written is read back", () => {
  assert.equal(readClock("10:30"), 37_800_000);
  assert.equal(readClock("24:00"), DAY_MS);
  assert.equal(dateText(readDate("2026-12-24")), "2026-12-24");
  assert.equal(dayOfLocal(readLocal("2026-12-24T23:59")), readDate("2026-12-24"));
  assert.equal(readLocal("1970-01-01T00:01"), 60_000);
  assert.equal(dayOfLocal(-1), -1);
});

test("what is no date is a defect of whoever asks", () => {
  assert.throws(() => readDate("tomorrow"), /no date or time/u);
  assert.throws(() => readClock("ten"), /no date or time/u);
});
