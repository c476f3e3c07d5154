// Questions about gates that people and judges of the simulator ask alike.

import type { ChecklistItem, GateRule } from "../core/admission/rule.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import type { Run } from "../core/run.ts";
import type { GateStep } from "../core/step.ts";

/** The items of all its checklists. */
export const checklistsOf = ({ rules }: GateStep): readonly ChecklistItem[] =>
  rules.flatMap((rule) => (rule.kind === "checklist" ? rule.checklist.items : []));

/** What its windows ask, as this gate has it. */
export const windowsOf = ({ rules }: GateStep): readonly Calendar[] =>
  rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar] : []));

/** Opened by the clock, or by who ends a freeze. */
const CLOCKED: readonly GateRule["kind"][] = ["window", "noFreeze", "phase"];

/** Some rule waits that only a person's word can help; by what the run itself last told. */
export const asksPeople = (gate: GateStep, { because }: Run): boolean => {
  const told = because.find(({ code }) => code === "admission")?.numbers ?? {};
  if (told["gate"] !== gate.id) return false;
  return gate.rules.some(({ id, kind }) => !CLOCKED.includes(kind) && told[id] === "wait");
};
