// The Rollout definition: the phases in which a release goes through its environments. What holds
// for the whole is written once, and a phase that differs says so.

import * as z from "zod";
import type { EnvironmentName } from "../core/ids.ts";
import {
  COMPLEXITIES,
  daysText,
  DOWNTIMES,
  PHASE_TYPES,
  RISKS,
  type PhaseDays,
} from "../core/rollout/phase-class.ts";
import type { Phase } from "../core/rollout/rollout.ts";
import { complain, field, leaf, refused, section, type IssueContext } from "./leaf.ts";
import { people } from "./people.ts";
import { choice, count, name } from "./values.ts";
import { zone } from "./zones.ts";

const MAX_PHASES = 50;
const MAX_DAY = 366;
const MAX_APPROVALS = 100;

/** With names in place of what they name. */
export interface WrittenRollout {
  readonly name: string;
  readonly zone: string;
  readonly phases: readonly WrittenPhase[];
}

export type WrittenPhase = Omit<Phase, "calendar" | "approval"> & {
  readonly calendar: string | null;
  readonly approve: readonly string[];
  /** How many of them must; null: as many as its risk asks for. */
  readonly approvals: number | null;
};

const day = () =>
  leaf<PhaseDays>(
    {
      title: "day",
      type: ["integer", "string"],
      pattern: "^[1-9]\\d{0,2}(\\.\\.|-)[1-9]\\d{0,2}$",
    },
    (raw) => {
      const text = typeof raw === "string" || typeof raw === "number" ? String(raw) : "";
      const match = /^([1-9]\d{0,2})(?:(?:\.\.|-)([1-9]\d{0,2}))?$/u.exec(text);
      const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
      if (match !== null && first <= last && last <= MAX_DAY) {
        return { kind: "ok", value: { first, last } };
      }
      const hint = "write it like 2, or 3..4 or 3-4, both days inclusive";
      const message = `expected a day from 1 to ${MAX_DAY}, or days in their order`;
      return refused({ code: "bad-day", message, found: true, hint });
    },
  );

const classFields = () => ({
  type: field(choice(PHASE_TYPES), "What is deployed.", "application"),
  risk: field(
    choice(RISKS),
    "How much may go wrong. `high` wants two approvals and `critical` three, of `people.approve` " +
      "or by the environment.",
    "high",
  ),
  downtime: field(
    choice(DOWNTIMES),
    "For how long users may notice it. With `none`, a playbook whose strategy takes everything " +
      "down is refused.",
    "none",
  ),
  rollback: field(
    choice(COMPLEXITIES),
    "How hard going back is. With `complex`, each migration needs an undo and some step one; " +
      "with `simple`, a migration of the phase contract is refused.",
    "moderate",
  ),
});

const phase = () => {
  const { type, risk, downtime, rollback } = classFields();
  return section({
    environment: field(name(), "Where; it takes its releases from an earlier phase.", "staging"),
    day: field(
      day(),
      "Counted from the day on which the first phase was verified, which is day 1. Where a phase " +
        "slips, those after it slip along.",
      "3..4",
    ),
    window: field(
      name().optional(),
      "The Calendar of when a run may begin on its days. Default: at any time.",
      "release-days",
    ),
    late: field(
      choice(["go", "refuse"]).prefault("go"),
      "What becomes of a run that has not begun when its last day is over: it is told, or refused.",
      "refuse",
    ),
    people: field(
      section({
        deploy: field(people().optional(), "Who may begin it. Default: anybody.", ["operators"]),
        approve: field(
          people().optional(),
          "Who approves, as many as its risk asks for. Default: as the environment has it.",
          ["stakeholders"],
        ),
        inform: field(people().optional(), "Who wants to know of it. Default: nobody.", [
          "support",
        ]),
      }).prefault({}),
      "Who is there for it: groups and people.",
    ),
    approvals: field(
      count({ min: 1, max: MAX_APPROVALS }).optional(),
      "How many of `people.approve` must. Default: 1 for low and medium risk, 2 for high, 3 for " +
        "critical.",
      2,
    ),
    type: field(type.optional(), "Default: as the rollout has it.", "infrastructure"),
    risk: field(risk.optional(), "Default: as the rollout has it.", "critical"),
    downtime: field(downtime.optional(), "Default: as the rollout has it.", "seconds"),
    rollback: field(rollback.optional(), "Default: as the rollout has it.", "simple"),
  });
};

export const rollout = () =>
  section({
    kind: field(choice(["Rollout"]), "Always `Rollout`."),
    name: field(name(), "Services name it.", "three-days"),
    zone: field(zone(), "Whose midnight begins a day.", "America/New_York"),
    ...classFields(),
    phases: field(
      z.array(phase()).min(1).max(MAX_PHASES),
      "In the order of their days; the first begins on day 1.",
    ),
  }).transform((raw, ctx): WrittenRollout => {
    checkDays(raw.phases, ctx);
    const phases = raw.phases.map((one): WrittenPhase => ({
      environment: one.environment as EnvironmentName,
      days: one.day,
      late: one.late,
      calendar: one.window ?? null,
      approve: one.people.approve ?? [],
      approvals: one.approvals ?? null,
      deploy: one.people.deploy ?? [],
      inform: one.people.inform ?? [],
      type: one.type ?? raw.type,
      risk: one.risk ?? raw.risk,
      downtime: one.downtime ?? raw.downtime,
      rollback: one.rollback ?? raw.rollback,
    }));
    return { name: raw.name, zone: raw.zone, phases };
  });

type Dated = { readonly environment: string; readonly day: PhaseDays };

const checkDays = (phases: readonly Dated[], ctx: IssueContext): void => {
  phases.forEach(({ environment, day }, index) => {
    if (phases.findIndex((other) => other.environment === environment) < index) {
      const message = `${environment} has a phase already`;
      const hint = "an environment has one phase in a rollout";
      complain(ctx, { code: "duplicate-name", message, hint }, ["phases", index, "environment"]);
    }
    const before = phases[index - 1]?.day ?? null;
    if (before === null ? day.first === 1 : day.first >= before.first) return;
    const least = before === null ? "day 1" : `day ${before.first} or later`;
    const message = `expected ${least}, found ${daysText(day)}`;
    const hint = "phases stand in the order of their days, from day 1 on";
    complain(ctx, { code: "bad-day", message, hint }, ["phases", index, "day"]);
  });
};
