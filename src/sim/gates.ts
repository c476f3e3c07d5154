// Random gates: calendars that open and close within the simulated hours, evidence, checklists,
// approvals with a question, change records.

import type { GateAction } from "../core/admission/gate-steps.ts";
import type { ApprovalRule, Checklist, ChecklistItem, ItemCheck } from "../core/admission/rule.ts";
import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import type { EvidenceCondition } from "../core/evidence/evidence.ts";
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
  allow: chance.pick([[], [opening(chance)], [everyTenMinutes(chance)]]),
  deny: Array.from({ length: chance.int(0, 3) }, () => denial(chance)),
  spreadMs: chance.pick([0, 5_000, 30_000]),
});

const DAY_MS = 86_400_000;

const opening = (chance: Chance): Recurrence => {
  const from = later(BEGINNING, chance.int(0, 300) * 1000);
  return { kind: "once", text: "from then on", from, to: later(from, DAY_MS) };
};

const everyTenMinutes = (chance: Chance): Recurrence => ({
  kind: "cron",
  text: "every ten minutes",
  expression: `${chance.int(0, 9)}-59/10 * * * *`,
  forMs: chance.int(2, 6) * 60_000,
});

const denial = (chance: Chance): Recurrence => {
  const from = later(BEGINNING, chance.int(20, 400) * 1000);
  return { kind: "once", text: "not now", from, to: later(from, chance.int(10, 120) * 1000) };
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

const conditions = (chance: Chance): readonly EvidenceCondition[] => {
  const some = CONDITIONS.filter(() => chance.hit(0.6));
  return some.length > 0 ? some : CONDITIONS.slice(0, 1);
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

const checklist = (chance: Chance): Checklist => ({
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
