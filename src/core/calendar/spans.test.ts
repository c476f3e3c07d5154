// What holds by the local date and time: days of the month, intervals, listed days, single periods.
// Around leap days, the ends of months and years, and both changes of the clocks in three zones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { at, periodsOf, type AnyForm } from "./calendar.testing.ts";

const NY = "America/New_York";
const BERLIN = "Europe/Berlin";
const LORD_HOWE = "Australia/Lord_Howe";

const monthDays = (first: number, last: number): AnyForm => ({ kind: "monthDays", first, last });
const interval = (parts: Partial<Extract<AnyForm, { kind: "interval" }>>): AnyForm => ({
  kind: "interval",
  times: [],
  weekdays: [],
  daysOfMonth: [],
  months: [],
  years: [],
  ...parts,
});

test("days of the month go across its end, the 28th of February among them", () => {
  assert.deepEqual(periodsOf("UTC", monthDays(28, 3), "2027-01-10T00:00:00Z", 4), [
    "2027-01-28T00:00 to 2027-02-04T00:00",
    "2027-02-28T00:00 to 2027-03-04T00:00",
    "2027-03-28T00:00 to 2027-04-04T00:00",
    "2027-04-28T00:00 to 2027-05-04T00:00",
  ]);
  assert.deepEqual(periodsOf("UTC", monthDays(28, 3), "2027-12-10T00:00:00Z", 3), [
    "2027-12-28T00:00 to 2028-01-04T00:00",
    "2028-01-28T00:00 to 2028-02-04T00:00",
    "2028-02-28T00:00 to 2028-03-04T00:00",
  ]);
});

test("in a month without the first day they begin with the next month", () => {
  assert.deepEqual(periodsOf("UTC", monthDays(30, 3), "2027-02-10T00:00:00Z", 2), [
    "2027-03-01T00:00 to 2027-03-04T00:00",
    "2027-03-30T00:00 to 2027-04-04T00:00",
  ]);
  assert.deepEqual(periodsOf("UTC", monthDays(29, 2), "2028-02-10T00:00:00Z", 1), [
    "2028-02-29T00:00 to 2028-03-03T00:00",
  ]);
});

test("days within a month, whole months, and days that not every month has", () => {
  assert.deepEqual(periodsOf("UTC", monthDays(13, 14), "2026-11-14T09:00:00Z", 2), [
    "2026-11-14T09:00 to 2026-11-15T00:00",
    "2026-12-13T00:00 to 2026-12-15T00:00",
  ]);
  assert.deepEqual(periodsOf("UTC", monthDays(31, 31), "2026-04-01T00:00:00Z", 2), [
    "2026-05-31T00:00 to 2026-06-01T00:00",
    "2026-07-31T00:00 to 2026-08-01T00:00",
  ]);
  assert.deepEqual(periodsOf("UTC", monthDays(29, 31), "2027-02-01T00:00:00Z", 1), [
    "2027-03-29T00:00 to 2027-04-01T00:00",
  ]);
  assert.deepEqual(periodsOf("UTC", monthDays(1, 31), "2026-04-01T00:00:00Z", 1), [
    "2026-04-01T00:00 to never",
  ]);
});

test("days are the zone's, of 23 and 25 hours too", () => {
  assert.deepEqual(periodsOf(NY, monthDays(8, 8), "2026-03-01T00:00:00Z", 2), [
    "2026-03-08T05:00 to 2026-03-09T04:00",
    "2026-04-08T04:00 to 2026-04-09T04:00",
  ]);
  assert.deepEqual(periodsOf(BERLIN, monthDays(25, 25), "2026-10-01T00:00:00Z", 1), [
    "2026-10-24T22:00 to 2026-10-25T23:00",
  ]);
  assert.deepEqual(periodsOf(LORD_HOWE, monthDays(5, 5), "2026-04-01T00:00:00Z", 1), [
    "2026-04-04T13:00 to 2026-04-05T13:30",
  ]);
  // Clocks that skip midnight begin the day at 01:00, those that repeat 23:00 end it later.
  assert.deepEqual(periodsOf("America/Havana", monthDays(8, 8), "2026-03-01T00:00:00Z", 1), [
    "2026-03-08T05:00 to 2026-03-09T04:00",
  ]);
});

test("intervals: a moment is in it when every part has a range that holds it", () => {
  const office = interval({
    times: [{ from: "09:00", to: "17:00" }],
    weekdays: [{ first: 1, last: 5 }],
  });
  assert.deepEqual(periodsOf(NY, office, "2026-11-26T00:00:00Z", 3), [
    "2026-11-26T14:00 to 22:00",
    "2026-11-27T14:00 to 22:00",
    "2026-11-30T14:00 to 22:00",
  ]);
  const nightly = interval({
    times: [
      { from: "20:00", to: "24:00" },
      { from: "00:00", to: "06:00" },
    ],
  });
  assert.deepEqual(periodsOf("UTC", nightly, "2026-11-26T03:00:00Z", 2), [
    "2026-11-26T03:00 to 06:00",
    "2026-11-26T20:00 to 2026-11-27T06:00",
  ]);
  const overlapping = interval({
    times: [
      { from: "10:00", to: "12:00" },
      { from: "09:00", to: "11:00" },
    ],
  });
  assert.deepEqual(periodsOf("UTC", overlapping, "2026-11-26T03:00:00Z", 1), [
    "2026-11-26T09:00 to 12:00",
  ]);
});

test("intervals count days of the month from its end, and go round in weeks and years", () => {
  const ends = interval({ daysOfMonth: [{ first: -2, last: -1 }] });
  assert.deepEqual(periodsOf("UTC", ends, "2028-02-01T00:00:00Z", 2), [
    "2028-02-28T00:00 to 2028-03-01T00:00",
    "2028-03-30T00:00 to 2028-04-01T00:00",
  ]);
  const middle = interval({
    daysOfMonth: [{ first: 30, last: -1 }],
    months: [{ first: 2, last: 3 }],
  });
  assert.deepEqual(periodsOf("UTC", middle, "2027-01-01T00:00:00Z", 1), [
    "2027-03-30T00:00 to 2027-04-01T00:00",
  ]);
  const winter = interval({ months: [{ first: 12, last: 1 }] });
  assert.deepEqual(periodsOf("UTC", winter, "2026-11-26T00:00:00Z", 1), [
    "2026-12-01T00:00 to 2027-02-01T00:00",
  ]);
  const weekend = interval({ weekdays: [{ first: 6, last: 1 }] });
  assert.deepEqual(periodsOf("UTC", weekend, "2026-11-26T00:00:00Z", 1), [
    "2026-11-28T00:00 to 2026-12-01T00:00",
  ]);
  const year = interval({ years: [{ first: 2028, last: 2028 }] });
  assert.deepEqual(periodsOf(NY, year, "2026-11-26T00:00:00Z", 2), [
    "2028-01-01T05:00 to 2029-01-01T05:00",
  ]);
  assert.deepEqual(periodsOf(NY, interval({}), "2026-11-26T00:00:00Z", 2), [
    "2026-11-26T00:00 to never",
  ]);
  const never = interval({ times: [{ from: "10:00", to: "10:00" }] });
  assert.deepEqual(periodsOf(NY, never, "2026-11-26T00:00:00Z", 2), []);
});

test("intervals when clocks change: what is skipped is missing, what is doubled is twice", () => {
  const early = interval({ times: [{ from: "01:30", to: "02:30" }] });
  assert.deepEqual(periodsOf(NY, early, "2026-03-08T00:00:00Z", 2), [
    "2026-03-08T06:30 to 07:00",
    "2026-03-09T05:30 to 06:30",
  ]);
  const gone = interval({ times: [{ from: "02:00", to: "02:30" }] });
  assert.deepEqual(periodsOf(LORD_HOWE, gone, "2026-10-03T00:00:00Z", 1), [
    "2026-10-04T15:00 to 15:30",
  ]);
  const late = interval({ times: [{ from: "02:15", to: "03:00" }] });
  assert.deepEqual(periodsOf(BERLIN, late, "2026-03-29T00:00:00Z", 1), [
    "2026-03-30T00:15 to 01:00",
  ]);
  assert.deepEqual(periodsOf(NY, early, "2026-11-01T00:00:00Z", 2), [
    "2026-11-01T05:30 to 06:00",
    "2026-11-01T06:30 to 07:30",
  ]);
  const hour = interval({ times: [{ from: "01:30", to: "02:00" }] });
  assert.deepEqual(periodsOf(LORD_HOWE, hour, "2026-04-04T00:00:00Z", 2), [
    "2026-04-04T14:30 to 15:30",
    "2026-04-05T15:00 to 15:30",
  ]);
});

test("listed days are whole, both ends inclusive, in any order", () => {
  const holidays: AnyForm = {
    kind: "days",
    days: [
      { first: "2027-01-01", last: "2027-01-01", name: "New Year" },
      { first: "2026-12-24", last: "2026-12-26", name: "Christmas" },
      { first: "2026-12-26", last: "2026-12-28", name: "days off" },
      { first: "2026-11-05", last: "2026-11-01", name: "turned round" },
    ],
  };
  assert.deepEqual(periodsOf(BERLIN, holidays, "2026-10-01T00:00:00Z", 3), [
    "2026-12-23T23:00 to 2026-12-28T23:00",
    "2026-12-31T23:00 to 2027-01-01T23:00",
  ]);
});

test("single periods hold from here to there, and those that end before they begin never", () => {
  const [from, to] = [at("2026-12-24T17:00:00Z"), at("2026-12-27T05:00:00Z")];
  const once: AnyForm = { kind: "once", from, to };
  assert.deepEqual(periodsOf(NY, once, "2026-10-01T00:00:00Z", 3), [
    "2026-12-24T17:00 to 2026-12-27T05:00",
  ]);
  assert.deepEqual(periodsOf(NY, once, "2026-12-27T05:00:00Z", 3), []);
  assert.deepEqual(
    periodsOf(NY, { kind: "once", from: to, to: from }, "2026-10-01T00:00:00Z", 3),
    [],
  );
});
