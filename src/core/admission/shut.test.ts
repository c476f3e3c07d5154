// Windows that are never open together: no moment is named, and why is said.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Calendar, Weekday } from "../calendar/calendar.ts";
import { instant, later } from "../ids.ts";
import { HOUR, MONDAY, asking, runOf } from "./admission.testing.ts";
import { admit } from "./admit.ts";

const DAY = 24 * HOUR;

const onDays = (name: string, days: readonly Weekday[], hours = 4): Calendar => ({
  name,
  zone: "UTC",
  allow: [
    { kind: "weekly", text: `days ${days.join()}`, days, from: "10:00", forMs: hours * HOUR },
  ],
  deny: [],
  spreadMs: 0,
});

const window = (calendar: Calendar, index: number) =>
  ({ id: `window-${index + 1}`, kind: "window", calendar }) as const;
const ask = (calendars: readonly Calendar[], at = MONDAY, more = {}) =>
  admit(asking(calendars.map(window), more), at);

const CODE = "calendars-never-together";

test("windows that exclude one another name no moment, and both calendars", () => {
  const admission = ask([onDays("tuesdays", [2]), onDays("saturdays", [6])]);
  assert.deepEqual([admission.kind, admission.until], ["wait", null]);
  for (const { reasons, until } of admission.results) {
    assert.equal(until, null);
    assert.deepEqual(
      reasons.map(({ code }) => code),
      [CODE, "calendar-closed"],
    );
    assert.equal(
      reasons[0]?.text,
      "never open together within the next five years: " +
        "tuesdays (days 2) and saturdays (days 6)",
    );
  }
});

test("so it is said while one of them is open, by the other", () => {
  const tuesday = later(MONDAY, DAY + 3 * HOUR);
  const { results } = ask([onDays("tuesdays", [2]), onDays("saturdays", [6])], tuesday);
  assert.deepEqual(
    results.map(({ kind, reasons }) => [kind, reasons[0]?.code]),
    [
      ["allow", "calendar-open"],
      ["wait", CODE],
    ],
  );
});

test("windows that overlap for an hour a year name the next opening of each", () => {
  const yearly: Calendar = {
    ...onDays("yearly", [1]),
    allow: [
      {
        kind: "rrule",
        text: "New Year",
        start: "2026-01-01T13:00",
        rule: "FREQ=YEARLY",
        except: [],
        also: [],
        forMs: HOUR,
      },
    ],
  };
  // The first New Year that is a Saturday is that of 2028.
  const admission = ask([yearly, onDays("saturdays", [6])]);
  assert.equal(admission.kind, "wait");
  assert.ok(admission.results.every(({ until }) => until !== null));
  const both = instant(Temporal.Instant.from("2028-01-01T13:00:00Z").epochMilliseconds);
  assert.equal(ask([yearly, onDays("saturdays", [6])], both).kind, "allow");
});

test("an emergency passes them, and one calendar asked twice excludes nobody", () => {
  const two = [onDays("tuesdays", [2]), onDays("saturdays", [6])];
  const emergency = { until: later(MONDAY, 30 * DAY) };
  assert.equal(ask(two, MONDAY, { run: runOf("r-1", { emergency }) }).kind, "allow");
  const twice = ask([onDays("tuesdays", [2]), onDays("tuesdays", [2])]);
  assert.equal(twice.until, later(MONDAY, DAY + 2 * HOUR));
});
