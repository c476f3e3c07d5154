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
