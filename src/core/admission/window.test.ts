// Windows: open or not, until when, each run at a moment of its own, and emergencies.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Calendar } from "../calendar/calendar.ts";
import { later } from "../ids.ts";
import type { Instant } from "../ids.ts";
import type { Run } from "../run.ts";
import { HOUR, MINUTE, MONDAY, calendar, period, runOf } from "./admission.testing.ts";
import { delayWithin, spreadOf } from "./spread.ts";
import { judgeWindow } from "./window.ts";

const at = (hours: number): Instant => later(MONDAY, hours * HOUR);
/** Open from 10 to 12 and from 14 to 16. */
const TWICE = [period(at(2), at(4)), period(at(6), at(8))];
const RUN = runOf();

const asked = (given: Calendar, now: Instant, since: Instant = MONDAY, run: Run = RUN) =>
  judgeWindow("window", given, { run, since }, now);

const TABLE: readonly (readonly [string, Calendar, Instant, "allow" | "wait", Instant | null])[] = [
  ["before it opens", calendar(TWICE), at(0), "wait", at(2)],
  ["a moment before it opens", calendar(TWICE), later(at(2), -1), "wait", at(2)],
  ["when it opens", calendar(TWICE), at(2), "allow", at(4)],
  ["a moment before it closes", calendar(TWICE), later(at(4), -1), "allow", at(4)],
  ["when it closes", calendar(TWICE), at(4), "wait", at(6)],
  ["after the last time", calendar(TWICE), at(9), "wait", null],
  ["whenever nothing denies it", calendar([]), at(0), "allow", null],
  ["denied", calendar([], [period(at(0), at(1))]), at(0), "wait", at(1)],
  ["denied for part of it", calendar(TWICE, [period(at(1), at(3))]), at(2), "wait", at(3)],
];

for (const [name, given, now, kind, until] of TABLE) {
  test(`window: ${name}`, () => {
    const result = asked(given, now);
    assert.deepEqual([result.kind, result.until], [kind, until]);
    assert.ok(result.reasons.length > 0);
  });
}

test("ten runs that wait for the same window begin at ten moments within its spread", () => {
  const spread = calendar(TWICE, [], 30 * MINUTE);
  const starts = Array.from({ length: 10 }, (_, index) => {
    const run = runOf(`r-${index}`);
    const { until } = asked(spread, MONDAY, MONDAY, run);
    assert.ok(until !== null && until >= at(2) && until < at(2.5), String(until));
    assert.equal(asked(spread, later(until, -1), MONDAY, run).kind, "wait");
    assert.equal(asked(spread, until, MONDAY, run).kind, "allow");
    return until;
  });
  assert.equal(new Set(starts).size, 10);
});

test("a run that comes while it is open begins at once, and nobody waits later on", () => {
  const spread = calendar(TWICE, [], 30 * MINUTE);
  assert.equal(asked(spread, at(2), at(2)).kind, "allow");
  assert.equal(asked(spread, at(3), MONDAY).kind, "allow");
});

test("what keeps a run waiting although it is open is told, with when it begins", () => {
  const spread = calendar(TWICE, [], 30 * MINUTE);
  const { reasons, until } = asked(spread, at(2));
  const start = later(at(2), delayWithin(RUN.id, 30 * MINUTE));
  assert.equal(until, start);
  assert.equal(reasons[0]?.code, "window-spread");
  assert.deepEqual(reasons[0]?.numbers, { opened: at(2), start });
});

test("a run whose moment comes after the end of a period waits for the next one", () => {
  const late = ["r-1", "r-2", "r-3", "r-4", "r-5", "r-6"].map((id) => runOf(id));
  const last = late.reduce((a, b) =>
    delayWithin(a.id, 1_000) > delayWithin(b.id, 1_000) ? a : b,
  );
  const most = calendar(TWICE, [period(later(at(2), MINUTE), at(4))], HOUR);
  const { kind, until } = asked(most, at(0), MONDAY, last);
  assert.deepEqual([kind, until], ["wait", later(at(6), delayWithin(last.id, HOUR))]);
});

test("a spread is no longer than half of the shortest period that is allowed", () => {
  const text = "now and then";
  const clock = { from: "10:00", to: "10:20" };
  const no = { weekdays: [], daysOfMonth: [], months: [], years: [] };
  const most = (allow: Calendar["allow"]): number => spreadOf(calendar(allow, [], HOUR));
  assert.equal(most([]), HOUR);
  assert.equal(most([...TWICE, period(at(0), at(0.5))]), 15 * MINUTE);
  assert.equal(most([{ kind: "weekly", days: [1], ...clock, forMs: MINUTE, text }]), MINUTE / 2);
  assert.equal(most([{ kind: "interval", times: [clock], ...no, text }]), 10 * MINUTE);
  assert.equal(most([{ kind: "monthDays", first: 28, last: 3, text }]), HOUR);
});

test("an emergency passes a closed window as long as it lasts, and not a moment longer", () => {
  const run = runOf("r-1", { emergency: { until: at(1) } });
  const during = asked(calendar(TWICE), at(0), MONDAY, run);
  assert.deepEqual([during.kind, during.until], ["allow", at(1)]);
  assert.equal(during.reasons[0]?.code, "emergency");
  assert.equal(asked(calendar(TWICE), later(at(1), -1), MONDAY, run).kind, "allow");
  assert.equal(asked(calendar(TWICE), at(1), MONDAY, run).kind, "wait");
});

test("an emergency that ends while the window is open changes nothing before it closes", () => {
  const run = runOf("r-1", { emergency: { until: at(3) } });
  const during = asked(calendar(TWICE), at(0), MONDAY, run);
  assert.deepEqual([during.kind, during.until], ["allow", at(4)]);
});
