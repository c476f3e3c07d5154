// Definitions as versions before calendars and checklists wrote them, read as they are written now,
// until somebody applies the files again.

import type {
  Action,
  DeployItem,
  Definitions,
  EnvironmentDefinition,
  Playbook,
  Takes,
} from "../core/playbook.ts";
import { presentApproval } from "./older-plan.ts";
import type { OlderApproval } from "./older-plan.ts";

/** Before there were rollouts. */
type WithoutRollouts = Omit<Definitions, "rollouts">;

export type OlderDefinitions = Pick<Definitions, "services"> & {
  readonly environments: readonly OlderEnvironment[];
  readonly playbooks: readonly OlderPlaybook[];
};

type OlderEnvironment = Omit<EnvironmentDefinition, "takes"> & {
  readonly takes: Omit<Takes, "approval" | "calendar" | "emergency"> & {
    readonly approval: OlderApproval | null;
  };
};

type OlderPlaybook = Omit<
  Playbook,
  "withinMs" | "before" | "deploy" | "after" | "rollback" | "onFreeze"
> & {
  readonly before: readonly OlderAction[];
  readonly deploy: readonly (OlderAction | Extract<DeployItem, { kind: "strategy" }>)[];
  readonly after: readonly OlderAction[];
  readonly rollback: Omit<Playbook["rollback"], "tier">;
};

type OlderAction =
  | Extract<Action, { kind: "verify" | "manual" }>
  | Omit<Extract<Action, { kind: "task" }>, "undo" | "migration">
  | { readonly kind: "approval"; readonly approval: OlderApproval };

/** Of what was written before there were any. */
const NO_DATABASES = { databases: [], blobStores: [] };

/** Whatever came later is filled in, so that nothing changes. */
export const presentDefinitions = (
  given: Definitions | WithoutRollouts | OlderDefinitions,
): Definitions => {
  const present = { ...NO_DATABASES, ...withRollouts(given) };
  return { ...present, playbooks: present.playbooks.map(presentStops) };
};

const withRollouts = (given: Definitions | WithoutRollouts | OlderDefinitions): Definitions => {
  if ("rollouts" in given) return given;
  if ("calendars" in given) return { ...given, rollouts: [] };
  return {
    services: given.services,
    environments: given.environments.map((one) => ({ ...one, takes: presentTakes(one.takes) })),
    playbooks: given.playbooks.map(presentPlaybook),
    calendars: [],
    checklists: [],
    groups: [],
    rollouts: [],
    ...NO_DATABASES,
  };
};

/** Nothing was asked between the shares of a canary before it could be written. */
const presentStops = (playbook: Playbook): Playbook => ({
  ...playbook,
  deploy: playbook.deploy.map((item) =>
    item.kind === "strategy" && item.strategy.kind === "canary"
      ? { ...item, strategy: { ...item.strategy, stops: item.strategy.stops ?? [] } }
      : item,
  ),
});

const presentTakes = ({ approval, ...takes }: OlderEnvironment["takes"]): Takes => ({
  ...takes,
  approval: approval === null ? null : presentApproval(approval),
  calendar: null,
  emergency: null,
});

const presentPlaybook = (playbook: OlderPlaybook): Playbook => ({
  ...playbook,
  withinMs: null,
  before: playbook.before.map(presentAction),
  deploy: playbook.deploy.map((item) => (item.kind === "strategy" ? item : presentAction(item))),
  after: playbook.after.map(presentAction),
  rollback: { ...playbook.rollback, tier: "immediate" },
  onFreeze: "hold",
});

const presentAction = (action: OlderAction): Action => {
  if (action.kind === "approval") {
    return { kind: "approval", approval: presentApproval(action.approval) };
  }
  return action.kind === "task" ? { ...action, undo: null, migration: null } : action;
};
