// Calendars: what becomes of each form in which something recurs, in whose time.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import { parseDefinitions } from "./parse.ts";

const calendar = (text: string, zone = "America/New_York"): Calendar => {
  const head = `kind: Calendar\nname: c\nzone: ${zone}\n`;
  const { calendars } = parseDefinitions([{ path: "a.yaml", text: head + text }]);
  return calendars[0] ?? assert.fail("no calendar");
};

const allowed = (item: string): Recurrence =>
  calendar(`allow:\n  - ${item}`).allow[0] ?? assert.fail("no recurrence");

test("a calendar has its zone as Temporal takes it, and spreads by two minutes", () => {
  const deny = "deny: [{ monthDays: 5 }]";
  assert.deepEqual(calendar(deny), {
    name: "c",
    zone: "America/New_York",
    spreadMs: 120_000,
    allow: [],
    deny: [{ kind: "monthDays", first: 5, last: 5, text: "day 5 of the month" }],
  });
  assert.equal(calendar(deny, "UTC-5").zone, "-05:00");
  assert.equal(calendar(`spread: 0s\n${deny}`).spreadMs, 0);
});

test("weekly: days in order, ranges across Sunday, and the time in words", () => {
  assert.deepEqual(allowed("weekly: { days: [thu, tue], from: '10:00', for: 2h }"), {
    kind: "weekly",
    days: [2, 4],
    from: "10:00",
    forMs: 7_200_000,
    text: "Tuesday and Thursday 10:00 to 12:00",
  });
  const weekend = allowed("weekly: { days: [sat..mon, sun], from: 22:00, for: 4h }");
  assert.deepEqual(weekend.kind === "weekly" ? weekend.days : null, [1, 6, 7]);
  assert.equal(weekend.text, "Monday, Saturday and Sunday 22:00 for 4h");
  const midnight = allowed("weekly: { days: [mon], from: 20:00, for: 4h }");
  assert.equal(midnight.text, "Monday 20:00 for 4h");
  // On the day on which clocks go forward it ends at 04:30.
  const night = allowed("weekly: { days: [sun], from: '01:30', for: 2h }");
  assert.equal(night.text, "Sunday 01:30 for 2h");
});

test("cron and rule are kept as they are written", () => {
  assert.deepEqual(allowed('cron: { at: "0 10  * * 2,4", for: 2h }'), {
    kind: "cron",
    expression: "0 10 * * 2,4",
    forMs: 7_200_000,
    text: "0 10 * * 2,4 for 2h",
  });
  const except = "except: [2026-12-24T10:00], also: [2026-12-28T10:00]";
  const rule = `start: 2026-01-06T10:00, rrule: "RRULE:FREQ=WEEKLY;BYDAY=TU,TH", ${except}`;
  assert.deepEqual(allowed(`rule: { ${rule}, for: 2h }`), {
    kind: "rrule",
    start: "2026-01-06T10:00",
    rule: "FREQ=WEEKLY;BYDAY=TU,TH",
    except: ["2026-12-24T10:00"],
    also: ["2026-12-28T10:00"],
    forMs: 7_200_000,
    text: "FREQ=WEEKLY;BYDAY=TU,TH for 2h",
  });
});

test("monthDays is written in two ways, and why is told before the form", () => {
  const range = { kind: "monthDays", first: 28, last: 3 };
  const { deny } = calendar(
    "deny: [{ monthDays: 28..3, why: end of month }, { monthDays: { from: 28, to: 3 } }]",
  );
  assert.deepEqual(deny, [
    { ...range, text: "end of month (days 28 to 3)" },
    { ...range, text: "days 28 to 3" },
  ]);
});

test("interval takes what Alertmanager takes", () => {
  assert.deepEqual(
    allowed(`interval:
      times: [{ start_time: "09:00", end_time: "17:00" }, { start_time: 18:00, end_time: 24:00 }]
      weekdays: ["monday:wednesday", Saturday, "sunday:tuesday"]
      days_of_month: ["1:5", "-3:-1", 15]
      months: ["may:august", 12, "november:february"]
      years: ["2026:2028", 2030]`),
    {
      kind: "interval",
      times: [
        { from: "09:00", to: "17:00" },
        { from: "18:00", to: "24:00" },
      ],
      weekdays: [
        { first: 1, last: 3 },
        { first: 6, last: 6 },
        { first: 7, last: 2 },
      ],
      daysOfMonth: [
        { first: 1, last: 5 },
        { first: -3, last: -1 },
        { first: 15, last: 15 },
      ],
      months: [
        { first: 5, last: 8 },
        { first: 12, last: 12 },
        { first: 11, last: 2 },
      ],
      years: [
        { first: 2026, last: 2028 },
        { first: 2030, last: 2030 },
      ],
      text:
        "Monday to Wednesday, Saturday, Sunday to Tuesday, day 1 to 5, day -3 to -1, day 15, " +
        "May to August, December, November to February, 2026 to 2028, 2030, " +
        "09:00 to 17:00, 18:00 to 24:00",
    },
  );
});

test("once is a local time in the calendar's zone: winter, summer, a doubled hour", () => {
  const onceIn = (zone: string, from: string, to: string): readonly string[] => {
    const [item] = calendar(`allow: [{ once: { from: ${from}, to: ${to} } }]`, zone).allow;
    return item?.kind === "once"
      ? [item.from, item.to].map((at) => Temporal.Instant.fromEpochMilliseconds(at).toString())
      : assert.fail();
  };
  const york = "America/New_York";
  assert.deepEqual(onceIn(york, "2026-12-24T18:00", "2026-12-27T06:00"), [
    "2026-12-24T23:00:00Z",
    "2026-12-27T11:00:00Z",
  ]);
  assert.deepEqual(onceIn(york, "2026-07-01T00:00", "2026-11-01T01:30"), [
    "2026-07-01T04:00:00Z",
    "2026-11-01T05:30:00Z",
  ]);
  assert.deepEqual(onceIn("UTC-5", "2026-07-01T00:00", "2026-07-01T01:00"), [
    "2026-07-01T05:00:00Z",
    "2026-07-01T06:00:00Z",
  ]);
});

const HOLIDAYS = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//x//y//EN",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTAMP:20260101T000000Z",
  "DTSTART;VALUE=DATE:20261225",
  "DTEND;VALUE=DATE:20261226",
  "SUMMARY:Christmas",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

test("holidays are found by their path from the calendar's file", () => {
  const calendarFile = (path: string, holidays: string) => ({
    path,
    text: `kind: Calendar\nname: c\nzone: UTC\ndeny: [{ holidays: ${holidays}, why: closed }]`,
  });
  const ics = { path: "sluice/days/us.ics", text: HOLIDAYS };
  for (const [path, holidays] of [
    ["sluice/days/a.yaml", "us.ics"],
    ["sluice/a.yaml", "days/us.ics"],
    ["sluice/more/a.yaml", "../days/us.ics"],
    ["./sluice/a.yaml", "./days/us.ics"],
  ] as const) {
    const { calendars } = parseDefinitions([ics, calendarFile(path, holidays)]);
    assert.deepEqual(calendars[0]?.deny, [
      {
        kind: "days",
        text: "closed",
        days: [{ first: "2026-12-25", last: "2026-12-25", name: "Christmas" }],
      },
    ]);
  }
});

test("a file of holidays that cannot be read is told once, by its own path", () => {
  const text = "kind: Calendar\nname: NAME\nzone: UTC\ndeny: [{ holidays: us.ics }]\n";
  const both = `${text.replace("NAME", "a")}---\n${text.replace("NAME", "b")}`;
  const files = [
    { path: "a.yaml", text: both },
    { path: "us.ics", text: "no calendar" },
  ];
  assert.throws(
    () => parseDefinitions(files),
    (error: { readonly bodies: readonly { readonly where: string }[] }) => {
      assert.equal(error.bodies.length, 1);
      assert.match(error.bodies[0]?.where ?? "", /^us\.ics/u);
      return true;
    },
  );
});
