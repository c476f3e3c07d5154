// Files of holidays: what is read from good ones, and what is said of bad ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../refusal.ts";
import { readHolidays } from "./holidays.ts";

const file = (...lines: readonly string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", ...lines, "END:VCALENDAR", ""].join("\r\n");
const event = (...lines: readonly string[]): readonly string[] => [
  "BEGIN:VEVENT",
  ...lines,
  "END:VEVENT",
];
const days = (text: string): readonly string[] =>
  readHolidays(text).days.map(({ first, last, name }) =>
    first === last ? `${first} ${name}` : `${first} to ${last} ${name}`,
  );
const refusedAs = (text: string): string => {
  try {
    readHolidays(text);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    const [body] = thrown.bodies;
    return `${body?.code} ${body?.where ?? "nowhere"}`;
  }
  return assert.fail("it was taken");
};

test("whole days with their names, sorted; the end is exclusive in the file", () => {
  const text = file(
    "X-WR-CALNAME:Holidays in the US\\, federal",
    ...event(
      "UID:2",
      "DTSTART;VALUE=DATE:20261224",
      "DTEND;VALUE=DATE:20261227",
      "SUMMARY:Christmas",
    ),
    ...event("UID:1", "DTSTART;VALUE=DATE:20260704", "SUMMARY:Independence Day\\; the 4th"),
    ...event("UID:3", "DTSTART;VALUE=DATE:20270101", "DURATION:P2D", "SUMMARY:New\\nYear"),
    ...event("UID:4", "DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20270201"),
    ...event("UID:5", "DTSTART;TZID=America/New_York:20270301T000000", "SUMMARY:by Outlook"),
  );
  assert.equal(readHolidays(text).text, "Holidays in the US, federal");
  assert.deepEqual(days(text), [
    "2026-07-04 Independence Day; the 4th",
    "2026-12-24 to 2026-12-26 Christmas",
    "2027-01-01 to 2027-01-02 New Year",
    "2027-02-01 holiday",
    "2027-03-01 by Outlook",
  ]);
});

test("folded lines, bare line feeds, a byte order mark and lower case are read", () => {
  const folded = file(
    ...event("DTSTART;VALUE=", " DATE:2026", "\t1224", "SUMMARY:Christ", " mas  ", "  Eve"),
  );
  assert.deepEqual(days(folded), ["2026-12-24 Christmas   Eve"]);
  assert.deepEqual(days(`\uFEFF${folded.replaceAll("\r\n", "\n")}`), [
    "2026-12-24 Christmas   Eve",
  ]);
  const lower =
    'begin:vcalendar\nbegin:vevent\ndtstart;x="a:b;c":20261224\nend:vevent\nend:vcalendar';
  assert.deepEqual(days(lower), ["2026-12-24 holiday"]);
});

test("repeated holidays are written out for the years 2020 to 2040", () => {
  const yearly = days(file(...event("DTSTART;VALUE=DATE:19971225", "RRULE:FREQ=YEARLY")));
  assert.equal(yearly.length, 21);
  assert.deepEqual([yearly[0], yearly.at(-1)], ["2020-12-25 holiday", "2040-12-25 holiday"]);
  const thanksgiving = days(
    file(...event("DTSTART;VALUE=DATE:20201126", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH")),
  );
  assert.deepEqual(thanksgiving.slice(0, 3), [
    "2020-11-26 holiday",
    "2021-11-25 holiday",
    "2022-11-24 holiday",
  ]);
  const leap = days(file(...event("DTSTART;VALUE=DATE:20200229", "RRULE:FREQ=YEARLY;COUNT=2")));
  assert.deepEqual(leap, ["2020-02-29 holiday", "2024-02-29 holiday"]);
  const until = days(
    file(...event("DTSTART;VALUE=DATE:20250501", "RRULE:FREQ=YEARLY;UNTIL=20270501")),
  );
  assert.deepEqual(until, ["2025-05-01 holiday", "2026-05-01 holiday", "2027-05-01 holiday"]);
});

test("exceptions, additions, moved and cancelled days", () => {
  const text = file(
    ...event(
      "UID:a",
      "DTSTART;VALUE=DATE:20260501",
      "RRULE:FREQ=YEARLY;UNTIL=20300501",
      "EXDATE;VALUE=DATE:20270501,20280501",
      "RDATE;VALUE=DATE:20260502",
    ),
    ...event("UID:a", "RECURRENCE-ID;VALUE=DATE:20290501", "DTSTART;VALUE=DATE:20290502"),
    ...event(
      "UID:a",
      "RECURRENCE-ID;VALUE=DATE:20300501",
      "DTSTART;VALUE=DATE:20300501",
      "STATUS:CANCELLED",
    ),
    ...event("UID:b", "DTSTART;VALUE=DATE:20260601", "STATUS:CANCELLED"),
  );
  assert.deepEqual(days(text), ["2026-05-01 holiday", "2026-05-02 holiday", "2029-05-02 holiday"]);
});

test("what is inside an event, or beside it, is not taken for its own", () => {
  const text = file(
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:STANDARD",
    "DTSTART:19701025T030000",
    "END:STANDARD",
    "END:VTIMEZONE",
    ...event(
      "DTSTART;VALUE=DATE:20261224",
      "BEGIN:VALARM",
      "SUMMARY:alarm",
      "DURATION:PT15M",
      "END:VALARM",
      "SUMMARY:Christmas Eve",
    ),
    "BEGIN:VTODO",
    "DTSTART:20260101T120000",
    "END:VTODO",
  );
  assert.deepEqual(days(text), ["2026-12-24 Christmas Eve"]);
});

test("a wrong file is refused with a code and the line", () => {
  const start = "DTSTART;VALUE=DATE:20261224";
  const table: readonly (readonly [text: string, refused: string])[] = [
    ["", "calendar-file-empty nowhere"],
    [file(), "calendar-file-empty nowhere"],
    ["<html><body>404</body></html>", "calendar-line-unreadable line 1"],
    ["\n\nname: value", "calendar-file-unreadable line 3"],
    ["BEGIN:VCARD\nEND:VCARD", "calendar-file-unreadable line 1"],
    [file(...event(start)).replace("END:VEVENT", "END:VTODO"), "calendar-file-unbalanced line 6"],
    [file("END:VCALENDAR"), "calendar-file-unreadable line 5"],
    ["BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261224", "calendar-file-cut-off line 2"],
    [file(...event("SUMMARY:when?")), "holiday-without-date line 4"],
    [file(...event("DTSTART;VALUE=DATE:20260229")), "holiday-date line 5"],
    [file(...event("DTSTART;VALUE=DATE:20261301")), "holiday-date line 5"],
    [file(...event("DTSTART;VALUE=DATE:tomorrow")), "holiday-date line 5"],
    [file(...event("DTSTART:20261224T120000")), "holiday-date line 5"],
    [file(...event("DTSTART:20261224T000000Z")), "holiday-date line 5"],
    [file(...event(start, "DTEND;VALUE=DATE:20261223")), "holiday-length line 6"],
    [file(...event(start, "DTEND;VALUE=DATE:20281223")), "holiday-length line 6"],
    [file(...event(start, "DURATION:PT8H")), "holiday-length line 6"],
    [file(...event(start, "EXDATE:20261225,")), "holiday-date line 6"],
    [file(...event(start, "RRULE:FREQ=WEEKLY")), "holiday-rule line 6"],
    [file(...event(start, "RRULE:FREQ=YEARLY;BYMONTH=13")), "holiday-rule line 6"],
    [file(...event(start, "RRULE:FREQ=YEARLY;UNTIL=soon")), "holiday-rule line 6"],
    [file(...event(start, "no colon here")), "calendar-line-unreadable line 6"],
    [file(...event(start, "A;=:x")), "calendar-line-unreadable line 6"],
    [`${"BEGIN:VCALENDAR\n".repeat(20)}`, "calendar-file-unbalanced line 9"],
  ];
  for (const [text, refused] of table) assert.equal(refusedAs(text), refused, text.slice(0, 300));
});

test("huge and endless files are refused before they are looked through", () => {
  const table: readonly (readonly [text: string, refused: string])[] = [
    ["x".repeat(10_000_000), "calendar-file-too-large nowhere"],
    ["BEGIN:VCALENDAR\n".repeat(700_000), "calendar-file-too-large nowhere"],
    [`BEGIN:VCALENDAR\nX:${"y".repeat(4_000_000)}`, "calendar-line-too-long line 2"],
    [`BEGIN:VCALENDAR\nX:${"\n z".repeat(1_000_000)}`, "calendar-line-too-long line 2"],
    [`BEGIN:VCALENDAR\n${"A:\n".repeat(1_000_000)}`, "calendar-file-too-large line 200001"],
    [`BEGIN:VCALENDAR\nX${";a=b".repeat(4_000)}:c`, "calendar-line-unreadable line 2"],
    [`BEGIN:VCALENDAR\nX;a="${",".repeat(15_000)}`, "calendar-line-unreadable line 2"],
    ["\n".repeat(4_000_000), "calendar-file-empty nowhere"],
    [
      file(
        ...Array.from({ length: 400 }, (_, index) =>
          event(
            `UID:${index}`,
            "DTSTART;VALUE=DATE:20200101",
            "RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR",
            `SUMMARY:${index}`,
          ),
        ).flat(),
      ),
      "calendar-file-too-large line 22",
    ],
    [
      file(
        ...Array.from({ length: 600 }, () =>
          event("DTSTART:20200101", "RRULE:FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1;BYSETPOS=1"),
        ).flat(),
      ),
      "calendar-file-too-large line 2004",
    ],
    [
      file(
        ...event(
          "DTSTART:20200101",
          ...Array.from({ length: 200 }, () => `RDATE:${"20200102,".repeat(500)}20200103`),
        ),
      ),
      "calendar-file-too-large line 4",
    ],
  ];
  for (const [text, refused] of table) assert.equal(refusedAs(text), refused, text.slice(0, 60));
});

test("whatever the file, days come out or a refusal, and nothing else", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "BEGIN:VCALENDAR",
      "END:VCALENDAR",
      "BEGIN:VEVENT",
      "END:VEVENT",
      "DTSTART;VALUE=DATE:20261224",
      "DTEND:20261225",
      "RRULE:FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5",
      "RRULE:FREQ=YEARLY;BYSETPOS=1;BYWEEKNO=53",
      "EXDATE:20261224",
      "RECURRENCE-ID:20261224",
      "STATUS:CANCELLED",
    ),
    fc.string({ maxLength: 40 }),
    fc.tuple(fc.string({ maxLength: 8 }), fc.string()).map(([name, value]) => `${name}:${value}`),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), fc.boolean(), (lines, framed) => {
      const text = framed ? file("BEGIN:VEVENT", ...lines, "END:VEVENT") : lines.join("\n");
      try {
        for (const { first, last } of readHolidays(text).days) assert.ok(first <= last);
      } catch (thrown) {
        if (!(thrown instanceof Refusal)) throw thrown;
        assert.match(thrown.code, /^(?:calendar|holiday)-/u);
      }
    }),
    { numRuns: 500 },
  );
});
