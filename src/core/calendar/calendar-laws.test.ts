// What holds of every calendar: more denials never open anything, and an answer is true until the
// moment it names and no longer.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { instant, type Instant } from "../ids.ts";
import { askCalendar, deniedAt, openState } from "./ask-calendar.ts";
import { DAY, at, calendar, recurrence } from "./calendar.testing.ts";
import { openPeriods } from "./open-periods.ts";

const YEARS = 3 * 366 * DAY;
const moment = fc
  .integer({ min: 0, max: YEARS })
  .map((ms) => instant(at("2026-01-01T00:00Z") + ms));
/** Moments between two, its ends among them. */
const between = (from: Instant, to: Instant): readonly Instant[] => {
  const shares = [0, 0.001, 0.1, 0.25, 0.5, 0.7, 0.9, 0.999];
  return [
    ...shares.map((share) => instant(Math.floor(from + share * (to - from)))),
    instant(to - 1),
  ];
};

test("adding a denial never opens anything", () => {
  fc.assert(
    fc.property(calendar, recurrence, moment, (one, denial, when) => {
      const before = askCalendar(one, when);
      const after = askCalendar({ ...one, deny: [...one.deny, denial] }, when);
      assert.ok(before.open || !after.open);
      // It does not open earlier, nor stay open longer.
      if (!before.open) assert.ok((after.until ?? Infinity) >= (before.until ?? Infinity));
      if (after.open) assert.ok((after.until ?? Infinity) <= (before.until ?? Infinity));
    }),
    { numRuns: 300 },
  );
});

test("adding an allowance to some never closes anything", () => {
  fc.assert(
    fc.property(calendar, recurrence, moment, (one, more, when) => {
      const before = askCalendar(one, when);
      const after = askCalendar({ ...one, allow: [...one.allow, more] }, when);
      assert.ok(one.allow.length === 0 || !before.open || after.open);
    }),
    { numRuns: 200 },
  );
});

test("an answer is true until the moment it names, and false then", () => {
  fc.assert(
    fc.property(calendar, moment, (one, when) => {
      const { open, until } = askCalendar(one, when);
      assert.ok(until === null || until > when);
      const end = until ?? instant(when + 5 * 365 * DAY);
      for (const inside of between(when, end)) {
        const answer = askCalendar(one, inside);
        assert.equal(answer.open, open, `${inside} of ${when} to ${until}`);
        if (until !== null) assert.equal(answer.until, until, `${inside} of ${when} to ${until}`);
      }
      if (until !== null) assert.equal(askCalendar(one, until).open, !open);
    }),
    { numRuns: 150 },
  );
});

test("what is denied is closed, and closed for as long as it is denied", () => {
  fc.assert(
    fc.property(calendar, moment, (one, when) => {
      const denied = deniedAt(one, when);
      const answer = askCalendar(one, when);
      if (denied === null) return;
      assert.equal(answer.open, false);
      assert.ok((answer.until ?? Infinity) >= (denied.until ?? Infinity));
      assert.ok(denied.reasons.length > 0);
      if (denied.until !== null) assert.equal(deniedAt(one, denied.until), null);
    }),
    { numRuns: 200 },
  );
});

test("the list of open periods agrees with the answers in and between them", () => {
  fc.assert(
    fc.property(calendar, moment, fc.integer({ min: 1, max: 6 }), (one, when, count) => {
      const periods = openPeriods(one, when, count);
      assert.ok(periods.length <= count);
      let end: Instant | null = when;
      for (const { from, to } of periods) {
        assert.ok(end !== null && from >= end && (to === null || to > from));
        if (from > end) {
          for (const inside of between(end, from))
            assert.equal(askCalendar(one, inside).open, false);
        }
        for (const inside of between(from, to ?? instant(from + 30 * DAY))) {
          assert.equal(askCalendar(one, inside).open, true);
        }
        end = to;
      }
      // The list is short only where nothing more is to come.
      if (periods.length < count && end !== null) {
        const rest = askCalendar(one, end);
        assert.ok(!rest.open && (rest.until === null || rest.until > when + 4 * 366 * DAY));
      }
    }),
    { numRuns: 150 },
  );
});

test("an answer is the same whatever the calendar was asked before", () => {
  fc.assert(
    fc.property(calendar, fc.array(moment, { minLength: 1, maxLength: 5 }), (one, moments) => {
      for (const when of moments) {
        const fresh = structuredClone(one);
        assert.deepEqual(askCalendar(one, when), askCalendar(fresh, when));
        assert.deepEqual(openState(one, when), openState(structuredClone(one), when));
        assert.deepEqual(deniedAt(one, when), deniedAt(fresh, when));
        // And goes on from there, as whoever waits does.
        const { until } = openState(one, when);
        if (until !== null) {
          assert.deepEqual(askCalendar(one, until), askCalendar(structuredClone(one), until));
        }
      }
    }),
    { numRuns: 25 },
  );
});
