// From rollouts as they are written to those of the domain, and what a service that follows one
// must fulfil: what a phase promises, its playbook has to keep.

import type { EnvironmentDefinition, Playbook, ServiceDefinition } from "../core/playbook.ts";
import { sourceOf } from "../core/rollout/phase-rules.ts";
import type { Phase, Rollout } from "../core/rollout/rollout.ts";
import type { EntryOf } from "./entries.ts";
import { linkApproval, type Names } from "./link-playbook.ts";
import { linkPeople, lookUp, type Named } from "./names.ts";
import type { Path } from "./place.ts";
import type { WrittenPhase } from "./rollout.ts";
import { brokenPromise } from "./rollout-promises.ts";

const APPROVALS = { low: 1, medium: 1, high: 2, critical: 3 } as const;
const DAY_MS = 86_400_000;

export const linkRollout = (
  { value, where }: EntryOf<"Rollout">,
  names: Names,
  environments: Named<EnvironmentDefinition>,
): Rollout => {
  const at = (index: number, path: Path): string => where(["phases", index, ...path]);
  const phases = value.phases.map((phase, index) =>
    linkPhase(phase, (path) => at(index, path), names, environments),
  );
  const rollout = { name: value.name, zone: value.zone, phases };
  phases.forEach((_, index) => checkSource(rollout, index, environments, at, names));
  return rollout;
};

const linkPhase = (
  { approve, approvals, ...phase }: WrittenPhase,
  at: (path: Path) => string,
  names: Names,
  environments: Named<EnvironmentDefinition>,
): Phase => {
  const { people, calendars, tell } = names;
  const among = (key: "deploy" | "inform"): readonly string[] =>
    linkPeople(phase[key], people, (i) => at(["people", key, i]), tell).from;
  const here = lookUp(
    environments,
    "environment",
    phase.environment,
    () => at(["environment"]),
    tell,
  );
  const needed = approvals ?? APPROVALS[phase.risk];
  const asked = here?.takes.approval?.count ?? 0;
  if (approve.length === 0 && here !== null && asked < needed && needed > 1) {
    const message = `${phase.risk} risk wants ${needed} approvals, ${here.name} asks for ${asked}`;
    const hint = "name people.approve, or let the environment ask for as many";
    tell(() => ({ code: "risk-without-approvers", message, where: at(["environment"]), hint }));
  }
  const rule = { from: approve, groups: [], count: needed, notAuthor: true } as const;
  const place = (path: Path): string =>
    at(path[0] === "from" ? ["people", "approve", ...path.slice(1)] : ["people", "approve"]);
  return {
    ...phase,
    deploy: among("deploy"),
    inform: among("inform"),
    calendar:
      phase.calendar === null
        ? null
        : lookUp(calendars, "calendar", phase.calendar, () => at(["window"]), tell),
    approval:
      approve.length === 0
        ? null
        : linkApproval({ ...rule, expiresMs: DAY_MS, asks: [] }, place, names),
  };
};

/** All but the first take what an earlier one has verified: days are counted from that. */
const checkSource = (
  rollout: Rollout,
  index: number,
  environments: Named<EnvironmentDefinition>,
  at: (index: number, path: Path) => string,
  { tell }: Names,
): void => {
  const phase = rollout.phases[index];
  const here = phase === undefined ? null : (environments.get(phase.environment) ?? null);
  if (here === null || index === 0) return;
  const source = sourceOf(rollout, here.takes);
  if (source !== null && rollout.phases.indexOf(source) < index) return;
  const { from } = here.takes;
  const found = from.kind === "release" ? "every release" : `from ${from.name}`;
  const message = `${here.name} takes ${found}, which is no earlier phase`;
  const hint = "put the environment that it takes from before it";
  tell(() => ({
    code: "unreachable-phase",
    message,
    where: at(index, ["environment"]),
    hint,
  }));
};

/** The rollout that a service follows; undefined: none, or a wrong one, which was told. */
export const rolloutFor = (
  { value, where }: EntryOf<"Service">,
  rollouts: Named<Rollout>,
  { tell }: Names,
): Rollout | undefined => {
  if (value.rollout === null) return undefined;
  const place = (): string => where(["rollout"]);
  const rollout = lookUp(rollouts, "rollout", value.rollout, place, tell);
  if (rollout === null) return undefined;
  for (const { environment } of rollout.phases) {
    if (value.environments.some((one) => one.environment === environment)) continue;
    const message =
      `${rollout.name} leads to ${environment}, where ${value.name} does not live`;
    const hint = `add it to ${environment}, or name another rollout`;
    tell(() => ({ code: "unreachable-phase", message, where: place(), hint }));
  }
  return rollout;
};

/** Where a service's playbook does not keep what a phase promises. */
export const checkPromises = (
  { where }: EntryOf<"Service">,
  service: ServiceDefinition,
  playbooks: ReadonlyMap<string, Playbook>,
  { tell }: Names,
): void => {
  for (const phase of service.rollout?.phases ?? []) {
    const here = service.environments.find((one) => one.environment === phase.environment);
    const playbook = here === undefined ? undefined : playbooks.get(here.playbook);
    if (here === undefined || playbook === undefined) continue;
    const broken = brokenPromise(phase, playbook, here);
    if (broken === null) continue;
    const path = ["environments", phase.environment, "playbook"];
    tell(() => ({ ...broken, where: where(path) }));
  }
};
