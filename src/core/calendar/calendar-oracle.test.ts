// Calendars held against an oracle that looks at every minute of a month.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant, type Instant } from "../ids.ts";
import { askCalendar, deniedAt } from "./ask-calendar.ts";
import type { Calendar } from "./calendar.ts";
import { MINUTE, calendar, heldByMinute, month } from "./calendar.testing.ts";

const MINUTES = 31 * 1_440;
/** How far apart the moments are that are asked about, besides those at which something changes. */
const STRIDE = 131;

type Answer = { readonly holds: boolean; readonly until: Instant | null };

/** Goes from answer to answer and compares each with every minute that it speaks of, then asks in
 * between. */
const agreesWith = (
  expected: readonly boolean[],
  from: Instant,
  ask: (at: Instant) => Answer,
): void => {
  const changes: number[] = [];
  for (let index = 0; index < MINUTES; index = changes.at(-1) ?? MINUTES) {
    const { holds, end } = inMinutes(from, ask(instant(from + index * MINUTE)));
    assert.ok(Number.isInteger(end) && end > index, `from minute ${index} to ${end}`);
    for (let minute = index; minute < end; minute += 1) {
      if (expected[minute] !== holds) assert.fail(`wrong at minute ${minute}, before ${end}`);
    }
    if (end < MINUTES) assert.equal(expected[end], !holds, `minute ${end}`);
    changes.push(end);
  }
  for (let index = 0; index < MINUTES; index += STRIDE) {
    const { holds, end } = inMinutes(from, ask(instant(from + index * MINUTE)));
    assert.equal(holds, expected[index], `minute ${index}`);
    assert.equal(
      end,
      changes.find((change) => change > index),
      `from minute ${index}`,
    );
  }
};

const inMinutes = (
  from: Instant,
  { holds, until }: Answer,
): { readonly holds: boolean; readonly end: number } => ({
  holds,
  end: until === null ? MINUTES : Math.min(MINUTES, (until - from) / MINUTE),
});

const runs = (fallback: number): { readonly numRuns: number } => ({
  numRuns: Number(process.env["CALENDAR_RUNS"] ?? fallback),
});

test("the answer is the oracle's in every minute of a month", () => {
  fc.assert(
    fc.property(calendar, month, (one, from) => {
      const { zone, allow, deny } = one;
      const allowed = heldByMinute(allow, zone, from, MINUTES);
      const denied = heldByMinute(deny, zone, from, MINUTES);
      const open = allowed.map((held, at) => (allow.length === 0 || held) && denied[at] === false);
      agreesWith(open, from, (at) => {
        const answer = askCalendar(one, at);
        return { holds: answer.open, until: answer.until };
      });
    }),
    runs(30),
  );
});

test("what is denied is the oracle's in every minute of a month", () => {
  fc.assert(
    fc.property(calendar, month, (one: Calendar, from) => {
      agreesWith(heldByMinute(one.deny, one.zone, from, MINUTES), from, (at) => {
        const denied = deniedAt(one, at);
        const { until } = denied ?? askCalendar({ ...one, allow: [] }, at);
        return { holds: denied !== null, until };
      });
    }),
    runs(15),
  );
});
