// Moments as people write them: each form, and the advice for what is none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../core/ids.ts";
import { parseMoment } from "./moment.ts";

const NOW = instant(Date.UTC(2026, 10, 20, 12, 0, 0));

const MOMENTS: readonly (readonly [string, string])[] = [
  ["now", "2026-11-20T12:00:00.000Z"],
  ["2h", "2026-11-20T14:00:00.000Z"],
  ["1d 12h", "2026-11-22T00:00:00.000Z"],
  ["0", "2026-11-20T12:00:00.000Z"],
  ["2026-11-24T10:00:00-05:00", "2026-11-24T15:00:00.000Z"],
  ["2026-11-24t10:00:00z", "2026-11-24T10:00:00.000Z"],
  ["2026-11-24 10:00Z", "2026-11-24T10:00:00.000Z"],
  ["2026-11-24 10:00:00.250 +01:00", "2026-11-24T09:00:00.250Z"],
  ["2026-11-24 10:00 America/New_York", "2026-11-24T15:00:00.000Z"],
  ["2026-07-01 9:30 America/New_York", "2026-07-01T13:30:00.000Z"],
  ["2026-11-24 10:00 UTC", "2026-11-24T10:00:00.000Z"],
  ["2026-11-24 10:00 UTC-5", "2026-11-24T15:00:00.000Z"],
  ["2026-11-24 10:00 UTC+5:30", "2026-11-24T04:30:00.000Z"],
  ["2026-11-24 10:00 Asia/Kolkata", "2026-11-24T04:30:00.000Z"],
  ["2026-12-24 Europe/Berlin", "2026-12-23T23:00:00.000Z"],
  ["2028-02-29 UTC", "2028-02-29T00:00:00.000Z"],
  // Midnight does not come on this day: clocks go from 00:00 to 01:00.
  ["2018-11-04 America/Sao_Paulo", "2018-11-04T03:00:00.000Z"],
];

for (const [text, expected] of MOMENTS) {
  test(`${text} is ${expected}`, () => {
    const parsed = parseMoment(text, NOW);
    assert.equal(parsed.kind === "ok" && new Date(parsed.value).toISOString(), expected);
  });
}

const NONE: readonly (readonly [string, RegExp, RegExp])[] = [
  ["2026-11-24 10:00", /another moment in each time zone/, /10:00 America\/New_York/],
  ["2026-11-24", /another moment in each time zone/, /2026-11-24 America\/New_York/],
  ["2026-11-24 10:00 EST", /abbreviation "EST"/, /America\/New_York, or UTC-5/],
  ["2026-11-24 10:00 Europe/Berln", /expected an IANA time zone/, /did you mean Europe\/Berlin/],
  ["2026-02-29 10:00 UTC", /there is no/, /its day/],
  ["2026-11-24 25:00 UTC", /there is no/, /its day/],
  ["2026-13-01T10:00:00Z", /there is no/, /its day/],
  ["2026-11-01 01:30 America/New_York", /comes twice/, /01:30:00-04:00 or .*01:30:00-05:00/],
  ["2026-03-08 02:30 America/New_York", /never comes/, /03:30:00-04:00/],
  ["2026-10-25 02:30 Europe/Berlin", /comes twice/, /\+02:00 or .*\+01:00/],
  ["90", /without a unit/, /90s, 90m or 90h/],
  ["2 fortnights", /unknown unit/, /units are/],
  ["tomorrow", /expected a moment/, /2026-11-24T10:00:00-05:00/],
  ["", /expected a moment/, /now/],
  ["x".repeat(200), /no moment/, /now/],
];

for (const [text, message, hint] of NONE) {
  test(`${JSON.stringify(text.slice(0, 40))} is no moment, and it is said why`, () => {
    const parsed = parseMoment(text, NOW);
    assert.ok(parsed.kind === "error");
    assert.match(parsed.message, message);
    assert.match(parsed.hint, hint);
  });
}
