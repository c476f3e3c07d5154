// Recurrence rules: what is decided here by the date, held against the library.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RRuleTemporal } from "rrule-temporal";
import {
  DAY,
  HOUR,
  at,
  recurrenceRule,
  ruleStart,
  yearWeekRule,
  yearWeekStarts,
} from "./calendar.testing.ts";
import { readLocal } from "./civil.ts";
import { plainRule } from "./plain-rule.ts";
import { readParts } from "./rule-parts.ts";
import { ruleStarts } from "./rule-starts.ts";
import { UnreadableRule, type Starts } from "./starts.ts";
import { zoneLine } from "./zone-line.ts";

const FROM = at("2026-01-01T00:00:00Z");
const HORIZON = FROM + 3 * 366 * DAY;

const startsOf = (start: string, rule: string, zone = "UTC"): Starts =>
  ruleStarts({ start, rule, except: [], also: [] }, zoneLine(zone), HORIZON);

const all = (starts: Starts, from: number, limit: number): readonly string[] => {
  const found: string[] = [];
  for (let local = starts.after(from, limit); local !== null; local = starts.after(local, limit)) {
    found.push(new Date(local).toISOString().slice(0, 16));
    assert.equal(starts.upTo(local, from), local);
    assert.ok(found.length < 5_000);
  }
  return found;
};

test("rules begin when the library says", () => {
  const moment = fc.integer({ min: 0, max: 700 }).map((days) => FROM + days * DAY + 3 * HOUR);
  fc.assert(
    fc.property(ruleStart, recurrenceRule, moment, (start, rule, from) => {
      const text = rule.replace(/(UNTIL=\d+T\d+)$/u, "$1Z");
      const library = new RRuleTemporal({
        rruleString: text,
        dtstart: Temporal.PlainDateTime.from(start).toZonedDateTime("UTC"),
      });
      const utc = (ms: number) =>
        Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO("UTC");
      const expected = library
        .between(utc(from + 1), utc(from + 200 * DAY), false)
        .map((one) => one.toString().slice(0, 16));
      assert.deepEqual(all(startsOf(start, text), from, from + 200 * DAY), expected);
      const past = library.between(utc(from - 100 * DAY), utc(from), true).at(-1);
      const found = startsOf(start, text).upTo(from, from - 100 * DAY);
      assert.equal(found, past?.epochMilliseconds ?? null);
    }),
    { numRuns: 200 },
  );
});

test("weeks of the year are those of ISO 8601, counted by the year that they belong to", () => {
  const week = (rule: string, start: string): readonly string[] =>
    all(startsOf(start, rule), FROM, HORIZON).map((text) => text.slice(0, 10));
  // 2026 has 53 weeks; its first begins in 2025, its last ends in 2027.
  assert.deepEqual(week("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,SU", "2025-01-01T10:00"), [
    "2026-12-28",
    "2027-01-03",
  ]);
  assert.deepEqual(week("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,FR", "2025-12-01T10:00"), [
    "2026-01-02",
    "2027-01-04",
    "2027-01-08",
    "2028-01-03",
    "2028-01-07",
    "2029-01-01",
  ]);
  // 30 December 2025 lies in the first week of 2026: every second year is an even one.
  assert.deepEqual(week("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=TH;INTERVAL=2", "2025-12-30T10:00"), [
    "2026-12-31",
    "2028-12-28",
  ]);
  // Where weeks begin on Sunday, the first week of 2026 is one day ahead.
  assert.deepEqual(week("FREQ=YEARLY;BYWEEKNO=2;BYDAY=SU;WKST=SU", "2026-01-01T10:00"), [
    "2026-01-11",
    "2027-01-10",
    "2028-01-09",
  ]);
});

test("weeks of the year agree with each year's weeks in turn, wherever they are asked from", () => {
  const moment = fc.integer({ min: 0, max: 700 }).map((days) => FROM + days * DAY + 3 * HOUR);
  const local = (ms: number) =>
    Temporal.PlainDateTime.from(new Date(ms).toISOString().slice(0, 19));
  fc.assert(
    fc.property(ruleStart, yearWeekRule, moment, (start, rule, from) => {
      const to = from + 300 * DAY;
      const expected = yearWeekStarts({ start, rule }, local(HORIZON))
        .map((one) => one.toString().slice(0, 16))
        .filter((text) => text > local(from).toString() && text < local(to).toString());
      assert.deepEqual(all(startsOf(start, rule), from, to), expected);
    }),
    { numRuns: 300 },
  );
});

test("the usual rules are decided by the date alone", () => {
  const plain = [
    "FREQ=WEEKLY;BYDAY=TU,TH",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=MONTHLY;BYDAY=1TU,-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
    "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
    "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO",
    "FREQ=YEARLY;UNTIL=20301231",
    "FREQ=WEEKLY;BYHOUR=9,17;BYMINUTE=0,45",
  ];
  for (const rule of plain) {
    const parts = readParts(rule);
    assert.notEqual(parts === null ? null : plainRule(parts, readLocal("2026-01-06T10:00")), null);
  }
});

test("rules on the days that only some months and years have leave the others out", () => {
  const year = (rule: string, start: string): readonly string[] =>
    all(startsOf(start, rule), FROM, FROM + 365 * DAY).map((text) => text.slice(5, 10));
  assert.deepEqual(year("FREQ=MONTHLY", "2025-01-31T10:00"), [
    "01-31",
    "03-31",
    "05-31",
    "07-31",
    "08-31",
    "10-31",
    "12-31",
  ]);
  assert.deepEqual(year("FREQ=YEARLY", "2024-02-29T10:00"), []);
  assert.deepEqual(all(startsOf("2024-02-29T10:00", "FREQ=YEARLY"), FROM, HORIZON), [
    "2028-02-29T10:00",
  ]);
  assert.deepEqual(year("FREQ=MONTHLY;BYDAY=5MO", "2025-01-01T10:00"), [
    "03-30",
    "06-29",
    "08-31",
    "11-30",
  ]);
});

test("UNTIL in UTC ends where that moment is on the zone's clock", () => {
  const until = (text: string): readonly string[] =>
    all(
      startsOf("2026-10-30T01:30", `FREQ=DAILY;UNTIL=${text}`, "America/New_York"),
      FROM,
      HORIZON,
    );
  assert.equal(until("20261031T052959Z").at(-1), "2026-10-30T01:30");
  assert.equal(until("20261031T053000Z").at(-1), "2026-10-31T01:30");
  // 01:10 for the second time, when 01:30 has been there for the first.
  assert.equal(until("20261101T061000Z").at(-1), "2026-11-01T01:30");
  assert.equal(until("20261101T052959Z").at(-1), "2026-10-31T01:30");
  assert.equal(until("20261102").at(-1), "2026-11-02T01:30");
  assert.equal(until("20261102T012959").at(-1), "2026-11-01T01:30");
});

test("exceptions are left out and additions put in; an exception wins", () => {
  const starts = ruleStarts(
    {
      start: "2026-01-06T10:00",
      rule: "FREQ=WEEKLY;COUNT=5",
      except: ["2026-01-13T10:00", "2026-01-20T10:00", "2026-01-14T12:00"],
      also: ["2026-01-14T12:00", "2026-01-08T08:00", "2026-01-06T10:00"],
    },
    zoneLine("UTC"),
    HORIZON,
  );
  assert.deepEqual(all(starts, FROM, HORIZON), [
    "2026-01-06T10:00",
    "2026-01-08T08:00",
    "2026-01-27T10:00",
    "2026-02-03T10:00",
  ]);
  assert.equal(starts.upTo(readLocal("2026-01-26T00:00"), FROM), readLocal("2026-01-08T08:00"));
});

test("a rule that is none is refused", () => {
  const wrong = [
    "",
    "WEEKLY",
    "FREQ=",
    "FREQ=SOMETIMES",
    "FREQ=MINUTELY",
    "BYDAY=MO",
    "FREQ=DAILY;",
    "FREQ=DAILY;FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;INTERVAL=1e2",
    "FREQ=DAILY;COUNT=100000",
    "FREQ=DAILY;BYHOUR=24",
    "FREQ=DAILY;BYMONTH=13",
    "FREQ=MONTHLY;BYMONTHDAY=0",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=WEEKLY;BYDAY=XX",
    "FREQ=WEEKLY;BYDAY=MO,",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=DAILY;UNTIL=20261301",
    "FREQ=DAILY;UNTIL=20260229",
    "FREQ=DAILY;UNTIL=tomorrow",
    "FREQ=DAILY;BYEASTER=1",
    "FREQ=DAILY;WKST=XX",
    "FREQ=YEARLY;BYWEEKNO=54;BYDAY=MO",
    "FREQ=YEARLY;BYWEEKNO=10",
    "FREQ=YEARLY;BYWEEKNO=10;BYDAY=1MO",
    "FREQ=WEEKLY;BYWEEKNO=10;BYDAY=MO",
    "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO;BYMONTH=3",
    "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO;BYMONTHDAY=3",
    "FREQ=YEARLY;BYWEEKNO=10;BYDAY=MO;BYSETPOS=1",
    `FREQ=DAILY;BYHOUR=${"1,".repeat(500)}1`,
  ];
  for (const rule of wrong) {
    assert.throws(() => startsOf("2026-01-06T10:00", rule), UnreadableRule, rule);
  }
});

test("what never happens has an end", () => {
  for (const rule of [
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9;COUNT=5",
  ]) {
    assert.deepEqual(all(startsOf("1990-01-01T00:00", rule), FROM, HORIZON), []);
  }
});
