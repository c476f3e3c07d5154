// Plans whose calendars are the ones that are known already: every gate of every plan brings a copy
// of its own along, and what was worked out for one is good for all.

import type { KeepCalendar } from "../core/calendar/kept-calendars.ts";
import type { Plan } from "../core/plan.ts";
import type { Step } from "../core/step.ts";

/** The same plan, as far as anybody can read it. */
export const withKeptCalendars = (plan: Plan, keep: KeepCalendar): Plan =>
  plan.calendars.length === 0
    ? plan
    : {
        ...plan,
        steps: plan.steps.map((step) => keptStep(step, keep)),
        calendars: plan.calendars.map(keep),
      };

const keptStep = (step: Step, keep: KeepCalendar): Step =>
  step.kind !== "gate" || step.rules.every(({ kind }) => kind !== "window")
    ? step
    : {
        ...step,
        rules: step.rules.map((rule) =>
          rule.kind === "window" ? { ...rule, calendar: keep(rule.calendar) } : rule,
        ),
      };
