// The plain arithmetic of the judge against the calendars of the core, at moments all over an hour.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askCalendar, deniedAt } from "../core/calendar/ask-calendar.ts";
import { later } from "../core/ids.ts";
import { deniedBy, openSince } from "./calendar-truth.ts";
import { calendar } from "./gates.ts";
import { chance } from "./prng.ts";
import { BEGINNING } from "./timeline.ts";

const CALENDARS = 60;
const HOUR_MS = 3_600_000;

test("every simulated calendar is open and denied when the core says so", () => {
  for (let seed = 1; seed <= CALENDARS; seed += 1) {
    const stream = chance(seed, "calendar");
    const hours = calendar(stream);
    for (let look = 0; look < 20; look += 1) {
      const at = later(BEGINNING, stream.int(0, look < 10 ? HOUR_MS / 6 : HOUR_MS));
      assert.equal(openSince(hours, at) !== null, askCalendar(hours, at).open, `${seed} ${at}`);
      assert.equal(deniedBy(hours, at) !== null, deniedAt(hours, at) !== null, `${seed} ${at}`);
    }
  }
});

test("a closed calendar opens at the moment that the core names, and not before", () => {
  let seen = 0;
  for (let seed = 1; seed <= CALENDARS; seed += 1) {
    const stream = chance(seed, "calendar");
    const hours = calendar(stream);
    for (let look = 0; look < 20; look += 1) {
      const at = later(BEGINNING, stream.int(0, HOUR_MS / 6));
      const { open, until } = askCalendar(hours, at);
      if (open || until === null) continue;
      seen += 1;
      assert.notEqual(openSince(hours, until), null, `${seed} ${at}`);
      for (let before = at; before < until; before = later(before, 7_000)) {
        assert.equal(openSince(hours, before), null, `${seed} ${at} ${before}`);
      }
      assert.equal(openSince(hours, later(until, -1)), null, `${seed} ${at}`);
    }
  }
  assert.ok(seen > 100);
});

test("the calendars of the simulator have periods of every form", () => {
  const kinds = Array.from({ length: 300 }, (_, seed) => calendar(chance(seed, "calendar")))
    .flatMap(({ allow, deny }) => [...allow, ...deny])
    .map(({ kind }) => kind);
  const forms = ["cron", "days", "interval", "monthDays", "once", "rrule", "weekly"];
  assert.deepEqual([...new Set(kinds)].toSorted(), forms);
});

test("a calendar has been open since the moment before which it was closed", () => {
  let seen = 0;
  for (let seed = 1; seed <= CALENDARS; seed += 1) {
    const stream = chance(seed, "calendar");
    const hours = calendar(stream);
    const opened = openSince(hours, later(BEGINNING, stream.int(0, HOUR_MS)));
    if (opened === null || opened <= BEGINNING) continue;
    seen += 1;
    assert.equal(askCalendar(hours, opened).open, true);
    assert.equal(askCalendar(hours, later(opened, -1)).open, false);
  }
  assert.ok(seen > 10);
});
