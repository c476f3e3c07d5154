// What a weekly window is called never contradicts the times beside it, also on the days on which
// clocks are set.

import assert from "node:assert/strict";
import { test } from "node:test";
import { openPeriods } from "../core/calendar/open-periods.ts";
import { instant } from "../core/ids.ts";
import { parseDefinitions } from "./parse.ts";

const HOUR = 3_600_000;
const pad = (value: number): string => String(value).padStart(2, "0");
const local = (at: number, zone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
const clock = (at: number, zone: string): string =>
  local(at, zone).toPlainTime().toString({ smallestUnit: "minute" });

/** A window of every weekend, as it is read. */
const windowOf = (zone: string, from: string, minutes: number) => {
  const text = [
    `kind: Calendar\nname: weekends\nzone: ${zone}`,
    `allow: [{ weekly: { days: [sat, sun], from: "${from}", for: ${minutes}m } }]`,
  ].join("\n");
  const [calendar] = parseDefinitions([{ path: "a.yaml", text }]).calendars;
  assert.ok(calendar !== undefined);
  return calendar;
};

/** The days on which these clocks are set in 2026. */
const CHANGES: readonly (readonly [zone: string, day: string])[] = [
  ["Europe/Berlin", "2026-03-29"],
  ["Europe/Berlin", "2026-10-25"],
  ["America/New_York", "2026-03-08"],
  ["America/New_York", "2026-11-01"],
  ["Australia/Lord_Howe", "2026-04-05"],
  ["Australia/Lord_Howe", "2026-10-04"],
  ["Pacific/Easter", "2026-04-04"],
  ["Pacific/Easter", "2026-09-05"],
];

test("a window that says when it ends, ends then on the day of a change too", () => {
  let ended = 0;
  for (const [zone, day] of CHANGES) {
    for (let minute = 0; minute < 24 * 60; minute += 30) {
      for (const minutes of [30, 120, 180, 600]) {
        const from = `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`;
        const calendar = windowOf(zone, from, minutes);
        const said = / to (\d\d:\d\d)$/u.exec(calendar.allow[0]?.text ?? "")?.[1];
        if (said === undefined) continue;
        const midnight = Temporal.PlainDateTime.from(`${day}T00:00`).toZonedDateTime(zone);
        const [period] = openPeriods(calendar, instant(midnight.epochMilliseconds), 1);
        assert.ok(period !== undefined && period.to !== null);
        assert.equal(clock(period.from, zone), from, `${zone} ${day} ${from}`);
        assert.equal(clock(period.to, zone), said, `${zone} ${day} ${from} for ${minutes} min`);
        ended += 1;
      }
    }
  }
  assert.ok(ended > 300, `${ended}`);
});

test("no place sets its clocks at a time at which a window says when it ends", () => {
  const end = Date.UTC(2036, 0);
  let changes = 0;
  for (const zone of Intl.supportedValuesOf("timeZone")) {
    let at = local(Date.UTC(2026, 0), zone).getTimeZoneTransition("next");
    for (; at !== null && at.epochMilliseconds < end; at = at.getTimeZoneTransition("next")) {
      changes += 1;
      const before = at.offsetNanoseconds - local(at.epochMilliseconds - 1, zone).offsetNanoseconds;
      // The hours that are skipped or shown twice, on the clock.
      const times = [at.hour + at.minute / 60, at.hour + at.minute / 60 - before / 1e6 / HOUR];
      for (const time of times) {
        const hour = (time + 24) % 24;
        assert.ok(hour <= 5 || hour >= 21, `${zone} ${at.toString()}`);
      }
    }
  }
  assert.ok(changes > 1_000, `${changes}`);
});
