// That plans share the calendars that say the same, and stay what they are.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Calendar } from "../core/calendar/calendar.ts";
import { keptCalendars } from "../core/calendar/kept-calendars.ts";
import type { Plan } from "../core/plan.ts";
import { planFor } from "../ports/store.testing.ts";
import { withKeptCalendars } from "./plan-calendars.ts";

const calendar: Calendar = {
  name: "release-days",
  zone: "UTC",
  allow: [{ kind: "weekly", text: "Tuesday", days: [2], from: "10:00", forMs: 3_600_000 }],
  deny: [],
  spreadMs: 0,
};

const windowed = (version: string): Plan => {
  const plan = planFor("hello", version);
  const steps = plan.steps.map((step) =>
    step.kind === "gate"
      ? { ...step, rules: [...step.rules, { id: "window-1", kind: "window", calendar } as const] }
      : step,
  );
  return JSON.parse(JSON.stringify({ ...plan, steps, calendars: [calendar] })) as Plan;
};

const calendarsOf = (plan: Plan): readonly Calendar[] => [
  ...plan.calendars,
  ...plan.steps.flatMap((step) =>
    step.kind === "gate"
      ? step.rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar] : []))
      : [],
  ),
];

void test("every gate of every plan has the calendar that was read first", () => {
  const keep = keptCalendars(10);
  const read = ["1.0.0", "1.1.0"].map(windowed);
  const kept = read.map((plan) => withKeptCalendars(plan, keep));
  assert.deepEqual(kept, read);
  const all = kept.flatMap(calendarsOf);
  assert.ok(all.length >= 4, `${all.length}`);
  assert.equal(new Set(read.flatMap(calendarsOf)).size, all.length);
  assert.equal(new Set(all).size, 1);
});
