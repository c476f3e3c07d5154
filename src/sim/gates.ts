// Random gates: calendars that open and close within the simulated hours, evidence, checklists,
// approvals with a question, change records.

import type { GateAction } from "../core/admission/gate-steps.ts";
import type { ApprovalRule, Checklist, ChecklistItem, ItemCheck } from "../core/admission/rule.ts";
import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
import { findingDeadlines } from "../core/evidence/finding-deadlines.ts";
import { later } from "../core/ids.ts";
import type { Chance } from "./prng.ts";
import { APPROVERS, CAREFUL } from "./roster.ts";
import { BEGINNING } from "./timeline.ts";

export const approvalRule = (chance: Chance): ApprovalRule => ({
  from: APPROVERS,
  groups: [],
  asks: chance.hit(0.2) ? [{ name: "ticket", text: "which?", type: "text", options: [] }] : [],
  count: chance.int(1, 2),
  notAuthor: chance.hit(0.8),
  expiresMs: chance.pick([null, 30_000, 120_000]),
});

/** It opens again and again, every ten minutes or from some moment on, so that whoever waits for it
 * comes to begin once the world has healed. */
export const calendar = (chance: Chance): Calendar => ({
  name: "hours",
  zone: chance.pick(["UTC", "-05:00", "Asia/Kolkata"]),
  allow: chance.pick([[], [opening(chance)], [everyTenMinutes(chance)], [theseDays(chance)]]),
  deny: Array.from({ length: chance.int(0, 3) }, () => denial(chance)),
  spreadMs: chance.pick([0, 5_000, 30_000]),
});

const DAY_MS = 86_400_000;

const opening = (chance: Chance): Recurrence => {
  const from = later(BEGINNING, chance.int(0, 300) * 1000);
  return { kind: "once", text: "from then on", from, to: later(from, DAY_MS) };
};

/** The same in each of the forms that can say so. */
const everyTenMinutes = (chance: Chance): Recurrence => {
  const text = "every ten minutes";
  const kind = chance.pick(["cron", "rrule", "interval"] as const);
  // What lasts by the clock ends before it begins anew.
  const [first, minutes] = [chance.int(0, kind === "interval" ? 4 : 9), chance.int(2, 6)];
  const forMs = minutes * 60_000;
  switch (kind) {
    case "cron":
      return { kind, text, expression: `${first}-59/10 * * * *`, forMs };
    case "rrule": {
      const of = (count: number, from: number, step: number): string =>
        Array.from({ length: count }, (_, index) => from + index * step).join(",");
      const rule = `FREQ=DAILY;BYMINUTE=${of(6, first, 10)};BYHOUR=${of(24, 0, 1)}`;
      return { kind, text, start: "2025-12-01T00:00", rule, except: [], also: [], forMs };
    }
    case "interval": {
      const times = Array.from({ length: 144 }, (_, index) => {
        const from = index * 10 + first;
        return { from: clock(from), to: clock(from + minutes) };
      });
      return { kind, text, times, weekdays: [], daysOfMonth: [], months: [], years: [] };
    }
  }
};

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, "0")).join(":");

/** Whole days around the turn of the year, at which the simulation begins: always. */
const theseDays = (chance: Chance): Recurrence =>
  chance.pick([
    { kind: "monthDays", text: "28th to 3rd", first: 28, last: 3 },
    {
      kind: "days",
      text: "holidays",
      days: [{ first: "2025-12-30", last: "2026-01-03", name: "new year" }],
    },
  ]);

/** Once, or every day at a time of day in the calendar's own zone. */
const denial = (chance: Chance): Recurrence => {
  const text = "not now";
  if (chance.hit(0.3)) {
    const from = clock(chance.pick([0, 330, 1_140]) + chance.int(1, 6));
    return { kind: "weekly", text, days: [1, 2, 3, 4, 5, 6, 7], from, forMs: 60_000 };
  }
  const from = later(BEGINNING, chance.int(20, 400) * 1000);
  return { kind: "once", text, from, to: later(from, chance.int(10, 120) * 1000) };
};

const CONDITIONS: readonly EvidenceCondition[] = [
  {
    name: "coverage",
    comparison: ">",
    value: { unit: "percent", value: 80 },
    text: "coverage > 80%",
  },
  { name: "tests", comparison: "=", value: { unit: "percent", value: 100 }, text: "tests = 100%" },
  {
    name: "criticalVulnerabilities",
    comparison: "=",
    value: { unit: "count", value: 0 },
    text: "criticalVulnerabilities = 0",
  },
];

/** Short enough for them to come while a run waits. */
const DEADLINES = findingDeadlines({ critical: 10_000, high: 20_000, low: "nextRelease" });

/** Where no count of findings is asked for, their age is. */
const conditions = (chance: Chance): readonly EvidenceCondition[] => {
  const some: readonly EvidenceCondition[] = CONDITIONS.filter(() => chance.hit(0.6));
  const counts = some.some(({ name }) => name === "criticalVulnerabilities");
  return counts ? some : [...some, DEADLINES];
};

const itemCheck = (chance: Chance): ItemCheck | null => {
  const kind = chance.pick([null, null, "evidence", "changeRecord", "task"] as const);
  switch (kind) {
    case null:
      return null;
    case "evidence":
      return { kind, conditions: conditions(chance) };
    case "changeRecord":
      return { kind };
    case "task":
      return {
        kind,
        task: { kind: "command", command: ["./check"], env: {} },
        deadlineMs: chance.int(3, 20) * 1000,
      };
  }
};

const item = (chance: Chance, index: number): ChecklistItem => ({
  id: `item-${index}`,
  text: `see to ${index}`,
  owner: chance.hit(0.5) ? CAREFUL : [],
  dueMs: chance.pick([null, 10_000, 60_000]),
  check: itemCheck(chance),
  manual: chance.hit(0.3),
  needs: chance.pick(["nothing", "nothing", "text", "link"]),
  skippable: chance.hit(0.5),
});

export const checklist = (chance: Chance): Checklist => ({
  name: "ready",
  items: Array.from({ length: chance.int(1, 3) }, (_, index) => item(chance, index)),
});

/** `hours`: the only calendar there is, since two of them might never be open at once. */
export const gateAction = (hours: Calendar, chance: Chance): GateAction => {
  const kind = chance.pick([
    "approval",
    "approval",
    "evidence",
    "checklist",
    "window",
    "changeRecord",
  ] as const);
  switch (kind) {
    case "approval":
      return { kind, approval: approvalRule(chance) };
    case "evidence":
      return { kind, conditions: conditions(chance) };
    case "checklist":
      return { kind, checklist: checklist(chance) };
    case "window":
      return { kind, calendar: hours };
    case "changeRecord":
      return { kind };
  }
};
