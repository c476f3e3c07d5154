// Plans and facts as versions before gates had rules wrote them, read as they are written now: a
// control plane that is upgraded goes on with the runs that it finds. Whatever is new is filled in
// so that nothing changes for them; a plan keeps the hash under which it was approved.

import type { ApprovalRule } from "../core/admission/rule.ts";
import type { Fact } from "../core/fact.ts";
import type { DurationMs } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { GateStep, Step, TaskStep } from "../core/step.ts";

export type OlderPlan = Omit<Plan, "steps" | "rollback" | "onFreeze" | "calendars"> & {
  readonly steps: readonly OlderStep[];
  readonly rollback: Omit<Plan["rollback"], "tier">;
};

type OlderStep = Exclude<Step, GateStep | TaskStep> | OlderGate | OlderTask;
type OlderGate = Omit<GateStep, "rules" | "withinMs"> & { readonly approval: OlderApproval };
type OlderTask = Omit<TaskStep, "undo" | "migration">;
export type OlderApproval = Omit<ApprovalRule, "groups" | "asks">;

/** A hundred years: gates waited for ever. */
const FOR_EVER_MS: DurationMs = 100 * 366 * 86_400_000;

export const presentPlan = (plan: Plan | OlderPlan): Plan => {
  if ("calendars" in plan) return plan;
  return {
    ...plan,
    steps: plan.steps.map(presentStep),
    rollback: { ...plan.rollback, tier: "immediate" },
    onFreeze: "hold",
    calendars: [],
  };
};

const presentStep = (step: OlderStep): Step => {
  if (step.kind === "task") return { ...step, undo: null, migration: null };
  if (step.kind !== "gate") return step;
  const { approval, ...gate } = step;
  const rule = { id: "approval-1", kind: "approval", approval: presentApproval(approval) } as const;
  return { ...gate, rules: [rule], withinMs: FOR_EVER_MS };
};

export const presentApproval = (rule: OlderApproval): ApprovalRule => ({
  groups: [],
  asks: [],
  ...rule,
});

/** Approvals came without answers, and every rollback was an immediate one. */
export const presentFact = (fact: Fact): Fact => {
  if (fact.kind === "approval") return { ...fact, answers: fact.answers ?? {} };
  if (fact.kind === "rollback") return { ...fact, tier: fact.tier ?? "immediate" };
  return fact;
};
