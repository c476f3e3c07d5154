// What a calendar answers and says: overlapping windows, denials, and what it cannot follow.

import assert from "node:assert/strict";
import { test } from "node:test";
import { askCalendar, deniedAt } from "./ask-calendar.ts";
import { HOUR, at } from "./calendar.testing.ts";
import type { Calendar, Recurrence } from "./calendar.ts";

const weekly = (text: string, days: readonly (1 | 2 | 3 | 4 | 5)[], from: string, hours: number) =>
  ({ kind: "weekly", text, days, from, forMs: hours * HOUR }) as const satisfies Recurrence;

const RELEASE_DAYS: Calendar = {
  name: "release-days",
  zone: "America/New_York",
  allow: [
    weekly("Tuesday and Thursday 10:00 to 12:00", [2, 4], "10:00", 2),
    weekly("Tuesday 11:00 to 15:00", [2], "11:00", 4),
  ],
  deny: [
    { kind: "monthDays", text: "end of month", first: 28, last: 3 },
    {
      kind: "days",
      text: "US holidays",
      days: [{ first: "2026-11-26", last: "2026-11-27", name: "Thanksgiving" }],
    },
  ],
  spreadMs: 0,
};

const codes = (reasons: readonly { readonly code: string }[]): readonly string[] =>
  reasons.map(({ code }) => code);

test("open: windows that overlap are one, and the end is the last one's", () => {
  const answer = askCalendar(RELEASE_DAYS, at("2026-11-24T15:30:00Z"));
  assert.deepEqual(answer, {
    open: true,
    until: at("2026-11-24T20:00:00Z"),
    reasons: [
      {
        code: "calendar-open",
        text:
          "release-days is open: Tuesday and Thursday 10:00 to 12:00, " +
          "until Tue 2026-11-24 15:00 -05:00",
        numbers: { calendar: "release-days", until: at("2026-11-24T20:00:00Z") },
      },
    ],
  });
});

test("closed: nothing allows it, and what denies the next window is passed over", () => {
  const answer = askCalendar(RELEASE_DAYS, at("2026-11-24T20:00:00Z"));
  assert.equal(answer.open, false);
  // Thursday is a holiday, then comes the end of the month.
  assert.equal(answer.until, at("2026-12-08T15:00:00Z"));
  assert.deepEqual(
    answer.reasons.map(({ text }) => text),
    [
      "release-days is not open at Tue 2026-11-24 15:00 -05:00",
      "release-days opens Tue 2026-12-08 10:00 -05:00",
    ],
  );
});

test("denied: each period that denies it is named, a holiday by its own name", () => {
  const answer = askCalendar(RELEASE_DAYS, at("2026-11-26T15:30:00Z"));
  assert.equal(answer.open, false);
  assert.deepEqual(
    answer.reasons.map(({ text }) => text),
    [
      "release-days denies it: US holidays: Thanksgiving",
      "release-days opens Tue 2026-12-08 10:00 -05:00",
    ],
  );
  assert.deepEqual(answer.reasons[0]?.numbers, {
    calendar: "release-days",
    period: "US holidays: Thanksgiving",
  });
});

test("deniedAt tells when the row of denials ends, not when it opens", () => {
  assert.equal(deniedAt(RELEASE_DAYS, at("2026-11-24T15:30:00Z")), null);
  assert.equal(deniedAt(RELEASE_DAYS, at("2026-11-24T03:30:00Z")), null);
  const denied = deniedAt(RELEASE_DAYS, at("2026-11-26T15:30:00Z"));
  // The holiday ends where the end of the month begins.
  assert.equal(denied?.until, at("2026-12-04T05:00:00Z"));
  assert.deepEqual(codes(denied?.reasons ?? []), ["calendar-denied"]);
});

test("without allowed times it is open whenever nothing denies it", () => {
  const always = { ...RELEASE_DAYS, allow: [] };
  const open = askCalendar(always, at("2026-11-25T03:00:00Z"));
  assert.deepEqual([open.open, open.until], [true, at("2026-11-26T05:00:00Z")]);
  assert.equal(open.reasons[0]?.text, "release-days is open, until Thu 2026-11-26 00:00 -05:00");
  const endless = askCalendar({ ...always, deny: [] }, at("2026-11-25T03:00:00Z"));
  assert.deepEqual([endless.open, endless.until], [true, null]);
  assert.equal(endless.reasons[0]?.text, "release-days is open");
});

test("what never opens within five years says so", () => {
  const once: Recurrence = {
    kind: "once",
    text: "the great move",
    from: at("2026-01-01T00:00:00Z"),
    to: at("2026-01-02T00:00:00Z"),
  };
  const answer = askCalendar({ ...RELEASE_DAYS, allow: [once] }, at("2026-11-24T15:30:00Z"));
  assert.deepEqual([answer.open, answer.until], [false, null]);
  assert.deepEqual(codes(answer.reasons), ["calendar-closed", "calendar-never-opens"]);
  const denied = { ...RELEASE_DAYS, deny: [{ ...once, to: at("2099-01-01T00:00:00Z") }] };
  assert.equal(askCalendar(denied, at("2026-11-24T15:30:00Z")).until, null);
  assert.equal(deniedAt(denied, at("2026-11-24T15:30:00Z"))?.until, null);
});

test("what cannot be followed allows nothing and denies everything, and says why", () => {
  const unreadable: readonly Recurrence[] = [
    { kind: "cron", text: "on moonlit nights", expression: "0 0 * * 9", forMs: HOUR },
    {
      kind: "rrule",
      text: "now and then",
      start: "2026-01-01T10:00",
      rule: "FREQ=SOMETIMES",
      except: [],
      also: [],
      forMs: HOUR,
    },
  ];
  for (const one of unreadable) {
    const inWindow = at("2026-11-24T15:30:00Z");
    const allowing = askCalendar({ ...RELEASE_DAYS, allow: [one] }, inWindow);
    assert.deepEqual([allowing.open, allowing.until], [false, null]);
    assert.deepEqual(codes(allowing.reasons), [
      "calendar-closed",
      "calendar-unreadable",
      "calendar-never-opens",
    ]);
    assert.match(allowing.reasons[1]?.text ?? "", new RegExp(`cannot follow ${one.text}: .`, "u"));
    const denying = { ...RELEASE_DAYS, deny: [one] };
    assert.deepEqual(codes(askCalendar(denying, inWindow).reasons), [
      "calendar-denied",
      "calendar-unreadable",
      "calendar-never-opens",
    ]);
    assert.deepEqual(codes(deniedAt(denying, inWindow)?.reasons ?? []), [
      "calendar-denied",
      "calendar-unreadable",
    ]);
    // The others go on as they are.
    const beside = { ...RELEASE_DAYS, allow: [...RELEASE_DAYS.allow, one] };
    assert.equal(askCalendar(beside, inWindow).open, true);
  }
});

test("a window that began last week is named, on the first morning of this one too", () => {
  const nightly = { ...weekly("weekend", [1], "22:00", 8), days: [7] } as const;
  const answer = askCalendar({ ...RELEASE_DAYS, allow: [nightly] }, at("2026-11-23T08:00:00Z"));
  assert.equal(
    answer.reasons[0]?.text,
    "release-days is open: weekend, until Mon 2026-11-23 06:00 -05:00",
  );
});

test("of many denials only the first few are named", () => {
  const deny = Array.from({ length: 20 }, (_, index) => ({
    ...weekly(`reason ${index} ${"x".repeat(500)}`, [2], "00:00", 24),
  }));
  const { reasons } = askCalendar({ ...RELEASE_DAYS, deny }, at("2026-11-24T15:30:00Z"));
  assert.equal(reasons.length, 7);
  assert.equal(reasons[5]?.text, "release-days denies it for 15 more reasons");
  assert.ok(reasons.every(({ text }) => text.length < 300));
});
