// What a phase asks at the entry of its environment, with its days as they are when the plan is
// made: what was approved is the day that it is carried out on.

import type { GateRule, PlannedPhase } from "../admission/rule.ts";
import type { EnvironmentDefinition, ServiceDefinition } from "../playbook.ts";
import { periodOf } from "./phase-period.ts";
import type { Verified } from "./phase-period.ts";
import type { Phase, Rollout } from "./rollout.ts";

/** `verified`: where the release is known good. None where the environment is in no phase. */
export const phaseRules = (
  service: ServiceDefinition,
  environment: EnvironmentDefinition,
  verified: readonly Verified[],
): readonly GateRule[] => {
  const { rollout } = service;
  const phase = rollout?.phases.find((one) => one.environment === environment.name);
  if (rollout === undefined || phase === undefined) return [];
  const { calendar, approval } = phase;
  const isAsked = calendar === null || calendar.name === environment.takes.calendar?.name;
  return [
    { id: "phase", kind: "phase", phase: plannedPhase(rollout, phase, environment, verified) },
    ...(isAsked ? [] : [{ id: "phase-window", kind: "window" as const, calendar }]),
    ...(approval === null ? [] : [{ id: "phase-approval", kind: "approval" as const, approval }]),
  ];
};

const plannedPhase = (
  rollout: Rollout,
  phase: Phase,
  { takes }: EnvironmentDefinition,
  verified: readonly Verified[],
): PlannedPhase => {
  const { environment: _, calendar: __, approval: ___, ...promised } = phase;
  const source = sourceOf(rollout, takes);
  const period = source === null ? null : periodOf(rollout, phase, source, verified);
  return {
    ...promised,
    rollout: rollout.name,
    zone: rollout.zone,
    after: source?.environment ?? null,
    opens: period?.opens ?? null,
    closes: period?.closes ?? null,
  };
};

/** The phase that an environment takes its releases from; null: it begins the rollout. */
export const sourceOf = (
  { phases }: Rollout,
  { from }: EnvironmentDefinition["takes"],
): Phase | null =>
  from.kind === "release"
    ? null
    : (phases.find(({ environment }) => environment === from.name) ?? null);
