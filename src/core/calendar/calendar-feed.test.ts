// The feed, read back with a reading of its own: unfolded here, taken apart here.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { calendarFeed } from "./calendar-feed.ts";
import { DAY, HOUR, at, calendar as anyCalendar } from "./calendar.testing.ts";
import type { Calendar } from "./calendar.ts";
import { openPeriods } from "./open-periods.ts";

const FROM = at("2026-11-24T15:30:00Z");
const RELEASE_DAYS: Calendar = {
  name: "release-days",
  zone: "America/New_York",
  allow: [
    {
      kind: "weekly",
      text: "Tuesday and Thursday; 10:00, to 12:00",
      days: [2, 4],
      from: "10:00",
      forMs: 2 * HOUR,
    },
  ],
  deny: [{ kind: "monthDays", text: "end of month", first: 28, last: 3 }],
  spreadMs: 0,
};

/** Name and value of each line, folds taken out. */
const linesOf = (feed: string): readonly (readonly [name: string, value: string])[] =>
  feed
    .replace(/\r\n[ \t]/gu, "")
    .split("\r\n")
    .slice(0, -1)
    .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]);

const eventsOf = (feed: string): readonly ReadonlyMap<string, string>[] => {
  const events: Map<string, string>[] = [];
  for (const [name, value] of linesOf(feed)) {
    if (name === "BEGIN" && value === "VEVENT") events.push(new Map());
    else if (name !== "BEGIN" && name !== "END") events.at(-1)?.set(name, value);
  }
  return events;
};

const plain = (text: string | undefined): string =>
  (text ?? "").replace(/\\([\\;,nN])/gu, (_, sign: string) => (/n/iu.test(sign) ? "\n" : sign));

test("open and denied periods, in UTC, with the time stamp that was given", () => {
  const feed = calendarFeed(RELEASE_DAYS, FROM, 2);
  assert.deepEqual(linesOf(feed).slice(0, 5), [
    ["BEGIN", "VCALENDAR"],
    ["VERSION", "2.0"],
    ["PRODID", "-//Sluice//Calendar//EN"],
    ["CALSCALE", "GREGORIAN"],
    ["METHOD", "PUBLISH"],
  ]);
  assert.deepEqual(linesOf(feed).at(-1), ["END", "VCALENDAR"]);
  const events = eventsOf(feed);
  assert.deepEqual(
    events.map((one) => [one.get("SUMMARY"), one.get("DTSTART"), one.get("DTEND")]),
    [
      // It is under way, and began half an hour before.
      ["release-days: open", "20261124T150000Z", "20261124T170000Z"],
      ["release-days: open", "20261126T150000Z", "20261126T170000Z"],
      ["release-days: denied", "20261128T050000Z", "20261204T050000Z"],
      ["release-days: denied", "20261228T050000Z", "20270104T050000Z"],
    ],
  );
  assert.ok(events.every((one) => one.get("DTSTAMP") === "20261124T153000Z"));
  assert.match(plain(events[0]?.get("DESCRIPTION")), /Tuesday and Thursday; 10:00, to 12:00/u);
  assert.match(plain(events[2]?.get("DESCRIPTION")), /denies it: end of month/u);
});

test("an event has the same name on the next fetch, and no other has it", () => {
  const uids = (from: number): readonly (string | undefined)[] =>
    eventsOf(calendarFeed(RELEASE_DAYS, at(new Date(from).toISOString()), 3)).map((one) =>
      one.get("UID"),
    );
  const first = uids(FROM);
  assert.equal(new Set(first).size, 6);
  assert.deepEqual(uids(FROM + HOUR), first);
  assert.deepEqual(uids(FROM + 2 * HOUR).slice(0, 2), first.slice(1, 3));
  const other = eventsOf(calendarFeed({ ...RELEASE_DAYS, name: "other" }, FROM, 1));
  assert.ok(other.every((one) => !first.includes(one.get("UID"))));
});

test("what never ends has an end five years ahead", () => {
  const always = { ...RELEASE_DAYS, allow: [], deny: [] };
  const [event, ...more] = eventsOf(calendarFeed(always, FROM, 5));
  assert.deepEqual(more, []);
  assert.equal(event?.get("DTEND")?.slice(0, 4), "2031");
  assert.match(event?.get("UID") ?? "", /^open-endless-/u);
});

test("hostile names stay where they belong: no line of their own, no line too long", () => {
  const hostile = "x\r\nBEGIN:VEVENT\r\nUID:1\nDTSTART:\u0000\u0007;,\\n 😀é漢".repeat(20);
  const feed = calendarFeed(
    { ...RELEASE_DAYS, name: hostile, deny: [{ ...RELEASE_DAYS.deny[0]!, text: hostile }] },
    FROM,
    2,
  );
  assert.equal(eventsOf(feed).length, 4);
  assert.equal(eventsOf(feed)[0]?.get("DTSTART"), "20261124T150000Z");
  const name = linesOf(feed).find(([one]) => one === "X-WR-CALNAME")?.[1];
  const kept = hostile.replaceAll("\r\n", "\n").replace(/[\u0000\u0007]/gu, "");
  assert.equal(plain(name), kept);
  for (const line of feed.split("\r\n")) {
    assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.ok(!/[\r\n\u0000\u0007]/u.test(line));
    assert.equal(Buffer.from(line).toString(), line);
  }
});

test("every feed is lines of at most 75 octets, and its open periods are those listed", () => {
  fc.assert(
    fc.property(anyCalendar, fc.nat(700), fc.nat(4), (one, days, count) => {
      const from = at(new Date(FROM + days * DAY).toISOString());
      const feed = calendarFeed(one, from, count);
      assert.ok(feed.endsWith("\r\n"));
      assert.ok(feed.split("\r\n").every((line) => Buffer.byteLength(line) <= 75));
      const open = eventsOf(feed).filter((event) => event.get("TRANSP") === "TRANSPARENT");
      const ends = openPeriods(one, from, count).map(({ to }) => to);
      assert.equal(open.length, ends.length);
      for (const [index, end] of ends.entries()) {
        const event = open[index];
        assert.ok((event?.get("DTSTART") ?? "") < (event?.get("DTEND") ?? ""));
        if (end === null) continue;
        const text = new Date(end).toISOString().replace(/[-:]|\.\d+/gu, "");
        assert.equal(event?.get("DTEND"), text);
      }
    }),
    { numRuns: 60 },
  );
});

test("an event without a known end goes no further than the calendar was looked through", () => {
  const leapDays: Calendar = {
    ...RELEASE_DAYS,
    allow: [],
    deny: [
      {
        kind: "rrule",
        text: "leap days",
        start: "2024-02-29T00:00",
        rule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        except: [],
        also: [],
        forMs: DAY,
      },
    ],
  };
  const open = eventsOf(calendarFeed(leapDays, FROM, 10)).filter(
    (one) => one.get("SUMMARY") === "release-days: open",
  );
  // The leap day of 2032 lies behind the five years.
  assert.equal(open.at(-1)?.get("DTSTART"), "20280301T050000Z");
  assert.equal(open.at(-1)?.get("DTEND"), "20311125T153000Z");
});
