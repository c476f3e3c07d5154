// What begins by the clock and then lasts: weekly windows, cron and recurrence rules. Around
// midnight, the ends of months and years, leap days, and both changes of the clocks in three zones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, periodsOf, type AnyForm } from "./calendar.testing.ts";
import type { Weekday } from "./calendar.ts";

const NY = "America/New_York";
const BERLIN = "Europe/Berlin";
const LORD_HOWE = "Australia/Lord_Howe";
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const;

type Row = readonly [
  what: string,
  zone: string,
  form: AnyForm,
  from: string,
  periods: readonly string[],
];

const check = (rows: readonly Row[]): void => {
  for (const [what, zone, form, from, periods] of rows) {
    assert.deepEqual(periodsOf(zone, form, from, periods.length), periods, what);
  }
};

const weekly = (days: readonly Weekday[], from: string, forMs: number): AnyForm => ({
  kind: "weekly",
  days,
  from,
  forMs,
});
const cron = (expression: string, forMs: number): AnyForm => ({ kind: "cron", expression, forMs });
const rule = (start: string, text: string, forMs: number): AnyForm => ({
  kind: "rrule",
  start,
  rule: text,
  except: [],
  also: [],
  forMs,
});

test("weekly windows", () => {
  check([
    [
      "Tuesday and Thursday in winter",
      NY,
      weekly([2, 4], "10:00", 2 * HOUR),
      "2026-11-24T00:00:00Z",
      ["2026-11-24T15:00 to 17:00", "2026-11-26T15:00 to 17:00", "2026-12-01T15:00 to 17:00"],
    ],
    [
      "one that is under way begins with the question",
      NY,
      weekly([2], "10:00", 2 * HOUR),
      "2026-11-24T16:20:00Z",
      ["2026-11-24T16:20 to 17:00", "2026-12-01T15:00 to 17:00"],
    ],
    [
      "the end is exclusive",
      NY,
      weekly([2], "10:00", 2 * HOUR),
      "2026-11-24T17:00:00Z",
      ["2026-12-01T15:00 to 17:00"],
    ],
    [
      "across midnight, the end of the week and the end of the year",
      BERLIN,
      weekly([4, 7], "22:00", 8 * HOUR),
      "2026-12-27T12:00:00Z",
      [
        "2026-12-27T21:00 to 2026-12-28T05:00",
        "2026-12-31T21:00 to 2027-01-01T05:00",
        "2027-01-03T21:00 to 2027-01-04T05:00",
      ],
    ],
    [
      "overlapping itself",
      "UTC",
      weekly([1, 2, 3], "08:00", 30 * HOUR),
      "2026-11-23T00:00:00Z",
      ["2026-11-23T08:00 to 2026-11-26T14:00", "2026-11-30T08:00 to 2026-12-03T14:00"],
    ],
    [
      "longer than a week",
      "UTC",
      weekly([1], "08:00", 8 * DAY),
      "2026-11-23T00:00:00Z",
      ["2026-11-23T00:00 to never"],
    ],
    [
      "every day all day",
      "UTC",
      weekly(EVERY_DAY, "00:00", DAY),
      "2026-11-23T05:00:00Z",
      ["2026-11-23T05:00 to never"],
    ],
    ["for no time at all", "UTC", weekly(EVERY_DAY, "00:00", 0), "2026-11-23T00:00:00Z", []],
  ]);
  assert.deepEqual(periodsOf("UTC", weekly(EVERY_DAY, "00:00", 0), "2026-11-23T00:00:00Z", 3), []);
  assert.deepEqual(periodsOf("UTC", weekly([], "10:00", HOUR), "2026-11-23T00:00:00Z", 3), []);
});

test("weekly windows when the clocks go forward: what begins in the gap begins after it", () => {
  check([
    [
      "New York, 02:30 does not exist",
      NY,
      weekly(EVERY_DAY, "02:30", HOUR),
      "2026-03-07T00:00:00Z",
      ["2026-03-07T07:30 to 08:30", "2026-03-08T07:00 to 08:00", "2026-03-09T06:30 to 07:30"],
    ],
    [
      "New York, across the gap: two hours have passed at 04:00",
      NY,
      weekly([7], "01:00", 2 * HOUR),
      "2026-03-08T00:00:00Z",
      ["2026-03-08T06:00 to 08:00", "2026-03-15T05:00 to 07:00"],
    ],
    [
      "Berlin",
      BERLIN,
      weekly(EVERY_DAY, "02:15", HOUR),
      "2026-03-28T00:00:00Z",
      ["2026-03-28T01:15 to 02:15", "2026-03-29T01:00 to 02:00", "2026-03-30T00:15 to 01:15"],
    ],
    [
      "Lord Howe, half an hour",
      LORD_HOWE,
      weekly(EVERY_DAY, "02:15", HOUR),
      "2026-10-02T00:00:00Z",
      ["2026-10-02T15:45 to 16:45", "2026-10-03T15:30 to 16:30", "2026-10-04T15:15 to 16:15"],
    ],
  ]);
});

test("weekly windows when the clocks go back: what begins twice begins the first time", () => {
  check([
    [
      "New York, 01:30 is there twice",
      NY,
      weekly(EVERY_DAY, "01:30", HOUR),
      "2026-10-31T00:00:00Z",
      ["2026-10-31T05:30 to 06:30", "2026-11-01T05:30 to 06:30", "2026-11-02T06:30 to 07:30"],
    ],
    [
      "New York, asked when it is 01:30 for the second time",
      NY,
      weekly(EVERY_DAY, "01:30", 15 * MINUTE),
      "2026-11-01T06:30:00Z",
      ["2026-11-02T06:30 to 06:45"],
    ],
    [
      "New York, across the repeated hour",
      NY,
      weekly([7], "00:30", 2 * HOUR),
      "2026-11-01T00:00:00Z",
      ["2026-11-01T04:30 to 06:30", "2026-11-08T05:30 to 07:30"],
    ],
    [
      "Berlin",
      BERLIN,
      weekly(EVERY_DAY, "02:30", HOUR),
      "2026-10-24T00:00:00Z",
      ["2026-10-24T00:30 to 01:30", "2026-10-25T00:30 to 01:30", "2026-10-26T01:30 to 02:30"],
    ],
    [
      "Lord Howe, half an hour",
      LORD_HOWE,
      weekly(EVERY_DAY, "01:45", HOUR),
      "2026-04-03T00:00:00Z",
      ["2026-04-03T14:45 to 15:45", "2026-04-04T14:45 to 15:45", "2026-04-05T15:15 to 16:15"],
    ],
  ]);
});

test("cron", () => {
  check([
    [
      "numbers of the week begin with Sunday",
      NY,
      cron("0 10 * * 2,4", 2 * HOUR),
      "2026-11-24T00:00:00Z",
      ["2026-11-24T15:00 to 17:00", "2026-11-26T15:00 to 17:00"],
    ],
    [
      "day of the month or of the week: either is enough",
      "UTC",
      cron("0 0 13 * 5", DAY),
      "2026-11-12T00:00:00Z",
      [
        "2026-11-13T00:00 to 2026-11-14T00:00",
        "2026-11-20T00:00 to 2026-11-21T00:00",
        "2026-11-27T00:00 to 2026-11-28T00:00",
        "2026-12-04T00:00 to 2026-12-05T00:00",
        "2026-12-11T00:00 to 2026-12-12T00:00",
        "2026-12-13T00:00 to 2026-12-14T00:00",
      ],
    ],
    [
      "leap days",
      "UTC",
      cron("30 9 29 2 *", HOUR),
      "2026-01-01T00:00:00Z",
      ["2028-02-29T09:30 to 10:30"],
    ],
    [
      "the last day of the month",
      "UTC",
      cron("0 12 L * *", HOUR),
      "2028-01-15T00:00:00Z",
      ["2028-01-31T12:00 to 13:00", "2028-02-29T12:00 to 13:00", "2028-03-31T12:00 to 13:00"],
    ],
    [
      "in a gap and daily",
      NY,
      cron("30 2 * * *", HOUR),
      "2026-03-08T00:00:00Z",
      ["2026-03-08T07:00 to 08:00", "2026-03-09T06:30 to 07:30"],
    ],
    [
      "every quarter of an hour in a gap: all that is skipped begins after it",
      BERLIN,
      cron("*/15 2 * * *", 5 * MINUTE),
      "2026-03-29T00:00:00Z",
      ["2026-03-29T01:00 to 01:05", "2026-03-30T00:00 to 00:05"],
    ],
    [
      "every half hour in a repeated hour: the first time only",
      NY,
      cron("*/30 1 1 11 *", 5 * MINUTE),
      "2026-11-01T00:00:00Z",
      ["2026-11-01T05:00 to 05:05", "2026-11-01T05:30 to 05:35", "2027-11-01T05:00 to 05:05"],
    ],
  ]);
});

test("recurrence rules", () => {
  check([
    [
      "the first Tuesday of each month",
      NY,
      rule("2026-01-06T10:00", "FREQ=MONTHLY;BYDAY=1TU", 2 * HOUR),
      "2026-03-01T00:00:00Z",
      ["2026-03-03T15:00 to 17:00", "2026-04-07T14:00 to 16:00", "2026-05-05T14:00 to 16:00"],
    ],
    [
      "the last working day of each month",
      "UTC",
      rule("2026-01-30T10:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", HOUR),
      "2026-02-01T00:00:00Z",
      ["2026-02-27T10:00 to 11:00", "2026-03-31T10:00 to 11:00", "2026-04-30T10:00 to 11:00"],
    ],
    [
      "every other week goes on over the year's end",
      "UTC",
      rule("2026-12-15T10:00", "FREQ=WEEKLY;INTERVAL=2", HOUR),
      "2026-12-01T00:00:00Z",
      ["2026-12-15T10:00 to 11:00", "2026-12-29T10:00 to 11:00", "2027-01-12T10:00 to 11:00"],
    ],
    [
      "a leap day comes every four years",
      "UTC",
      rule("2024-02-29T10:00", "FREQ=YEARLY", HOUR),
      "2024-01-01T00:00:00Z",
      ["2024-02-29T10:00 to 11:00", "2028-02-29T10:00 to 11:00"],
    ],
    [
      "so many, and no more",
      "UTC",
      rule("2026-12-30T23:30", "FREQ=DAILY;COUNT=3", HOUR),
      "2026-12-01T00:00:00Z",
      [
        "2026-12-30T23:30 to 2026-12-31T00:30",
        "2026-12-31T23:30 to 2027-01-01T00:30",
        "2027-01-01T23:30 to 2027-01-02T00:30",
      ],
    ],
    [
      "in a gap and after it at its own time again",
      LORD_HOWE,
      rule("2026-10-03T02:00", "FREQ=DAILY", 30 * MINUTE),
      "2026-10-02T16:30:00Z",
      ["2026-10-03T15:30 to 16:00", "2026-10-04T15:00 to 15:30"],
    ],
    [
      "in a repeated hour once",
      BERLIN,
      rule("2026-10-24T02:30", "FREQ=DAILY", 30 * MINUTE),
      "2026-10-24T12:00:00Z",
      ["2026-10-25T00:30 to 01:00", "2026-10-26T01:30 to 02:00"],
    ],
  ]);
  const ended = rule("2026-12-30T23:30", "FREQ=DAILY;COUNT=3", HOUR);
  assert.deepEqual(periodsOf("UTC", ended, "2027-01-02T00:30:00Z", 3), []);
});
