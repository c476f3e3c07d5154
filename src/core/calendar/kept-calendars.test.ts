// Calendars that say the same are one, and nobody can see that from an answer.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant, type Instant } from "../ids.ts";
import { askCalendar, deniedAt, openState } from "./ask-calendar.ts";
import { DAY, at, calendar } from "./calendar.testing.ts";
import type { Calendar } from "./calendar.ts";
import { keptCalendars, type KeepCalendar } from "./kept-calendars.ts";

const moment = fc
  .integer({ min: 0, max: 3 * 366 * DAY })
  .map((ms) => instant(at("2026-01-01T00:00Z") + ms));

const answers = (one: Calendar, when: Instant) => [
  askCalendar(one, when),
  openState(one, when),
  deniedAt(one, when),
];

/** Whoever keeps calendars gives the answers of one that was never seen before. */
const holds = (make: () => KeepCalendar): void => {
  const asked = fc.array(fc.tuple(fc.nat(2), fc.nat(2), moment), { minLength: 1, maxLength: 12 });
  const some = fc.array(calendar, { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(some, asked, (calendars, questions) => {
      const keep = make();
      for (const [left, right, when] of questions) {
        const [one, other] = [calendars[left], calendars[right]];
        assert.ok(one !== undefined && other !== undefined);
        // Half of the one, half of the other: nearly the same as either.
        const mixed = structuredClone({ ...one, deny: other.deny });
        assert.deepEqual(answers(keep(mixed), when), answers(structuredClone(mixed), when));
      }
    }),
    { numRuns: 40, seed: 7 },
  );
};

test("answers are the same with and without what was kept", () => holds(() => keptCalendars(2)));

test("to keep them by what they allow alone is noticed", () => {
  const broken = (): KeepCalendar => {
    const keep = keptCalendars(9);
    const known = new Map<string, Calendar>();
    return (one) => {
      const key = JSON.stringify(one.allow);
      const kept = known.get(key) ?? keep(one);
      known.set(key, kept);
      return kept;
    };
  };
  assert.throws(() => holds(broken));
});

const ONE: Calendar = {
  name: "release-days",
  zone: "UTC",
  allow: [{ kind: "weekly", text: "Tuesday", days: [2], from: "10:00", forMs: 3_600_000 }],
  deny: [{ kind: "monthDays", text: "end of month", first: 28, last: 3 }],
  spreadMs: 0,
};

test("what says the same is one, and half of it where half is the same", () => {
  const keep = keptCalendars(10);
  const first = keep(structuredClone(ONE));
  assert.equal(keep(structuredClone(ONE)), first);
  const denied = keep({ ...structuredClone(ONE), deny: [] });
  assert.notEqual(denied, first);
  assert.equal(denied.allow, first.allow);
  for (const other of [{ name: "x" }, { zone: "Europe/Berlin" }, { spreadMs: 1 }]) {
    const kept = keep({ ...structuredClone(ONE), ...other });
    assert.notEqual(kept, first);
    assert.deepEqual(kept, { ...ONE, ...other });
  }
});

test("of too many all are forgotten", () => {
  const keep = keptCalendars(2);
  const first = keep(structuredClone(ONE));
  for (const name of ["a", "b"]) keep({ ...ONE, name });
  const again = keep(structuredClone(ONE));
  assert.notEqual(again, first);
  assert.deepEqual(again, first);
});
