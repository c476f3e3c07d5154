// Rollouts of the simulator: days that are minutes, since nobody simulates a week.

import { seal } from "../core/compile.ts";
import { instant, type EnvironmentName, type Instant } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { GateRule } from "../core/admission/rule.ts";
import type { Rollout } from "../core/rollout/rollout.ts";
import { approvalRule } from "./gates.ts";
import type { Chance } from "./prng.ts";
import { CAREFUL } from "./roster.ts";
import { BEGINNING } from "./timeline.ts";

const SHORTER = 480;

/** One day after the other. */
export const rolloutOver = (names: readonly EnvironmentName[], chance: Chance): Rollout => ({
  name: "days",
  zone: "UTC",
  phases: names.map((environment, index) => ({
    environment,
    days: { first: index + 1, last: index + chance.int(1, 3) },
    late: chance.hit(0.3) ? "refuse" : "go",
    calendar: null,
    approval: index > 0 && chance.hit(0.3) ? approvalRule(chance) : null,
    deploy: chance.hit(0.3) ? CAREFUL : [],
    inform: [],
    type: "application",
    risk: "medium",
    downtime: "minutes",
    rollback: "moderate",
  })),
});

/** Counted from the beginning, which is a midnight. */
const sooner = (at: Instant | null): Instant | null =>
  at === null ? null : instant(BEGINNING + Math.floor((at - BEGINNING) / SHORTER));

/** A plan whose days are three minutes long. */
export const inShortDays = (plan: Plan): Plan => {
  const rules = plan.steps.flatMap((step) => (step.kind === "gate" ? step.rules : []));
  if (!rules.some(({ kind }) => kind === "phase")) return plan;
  const { hash: _, ...body } = plan;
  const steps = plan.steps.map((step) =>
    step.kind === "gate" ? { ...step, rules: step.rules.map(shorter) } : step,
  );
  return seal({ ...body, steps });
};

const shorter = (rule: GateRule): GateRule => {
  if (rule.kind !== "phase") return rule;
  const { opens, closes } = rule.phase;
  return { ...rule, phase: { ...rule.phase, opens: sooner(opens), closes: sooner(closes) } };
};
