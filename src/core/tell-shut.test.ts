// A run that waits for a window that never comes is told of, once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { calendar, period } from "./admission/admission.testing.ts";
import type { Calendar } from "./calendar/calendar.ts";
import { CANARY, Rehearsal, planOf, playbook } from "./decide.testing.ts";
import { instant } from "./ids.ts";
import type { Action } from "./playbook.ts";

const DAY = 86_400_000;
const SOON = calendar([period(instant(DAY), instant(2 * DAY))]);
const LATER = { ...calendar([period(instant(3 * DAY), instant(4 * DAY))]), name: "later" };
const COVERED: Calendar = {
  ...SOON,
  name: "covered",
  deny: [period(instant(0), instant(9 * DAY))],
};

const waiting = (...calendars: readonly Calendar[]): Rehearsal => {
  const before = calendars.map((one): Action => ({ kind: "window", calendar: one }));
  const notify = [{ kind: "webhook", url: "http://127.0.0.1:1" } as const];
  return new Rehearsal(planOf("1.1", "1.0", playbook([CANARY], { before, notify })));
};

const shutOf = (it: Rehearsal): number =>
  it.eventTypes().filter((type) => type === "gate.shut entry").length;
const toldOf = (it: Rehearsal): readonly string[] =>
  it.effects.flatMap(({ effect: { body: effect } }) =>
    effect.kind === "notify" && effect.event.type === "gate.shut" ? [effect.event.text] : [],
  );

test("calendars that exclude one another: an event and a notification, once", () => {
  const it = waiting(SOON, LATER);
  it.runFor(3_600_000);
  assert.equal(shutOf(it), 1);
  assert.deepEqual(toldOf(it), [
    "hello@1.1 waits in production: never open together within the next five years: " +
      "release-days (once) and later (once)",
  ]);
  assert.ok(it.run.because.some(({ code }) => code === "calendars-never-together"));
});

test("a calendar that is denied as long as it is allowed: the same", () => {
  const it = waiting(COVERED);
  it.runFor(3_600_000);
  assert.equal(shutOf(it), 1);
  assert.match(toldOf(it)[0] ?? "", /what it allows \(once\) is denied each time \(once\)$/u);
});

test("a window that opens tomorrow is waited for without a word", () => {
  const it = waiting(SOON);
  it.runFor(3_600_000);
  assert.equal(shutOf(it), 0);
});
