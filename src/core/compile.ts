// Playbook → plan: every name resolved, every value concrete, hashed. The same input gives the same
// plan, so an approval can be bound to its hash and two plans can be compared line by line.

import {
  calendarsOf,
  entryRules,
  gateRules,
  gateStep,
  inGroups,
  isGateAction,
} from "./admission/gate-steps.ts";
import type { GateAction } from "./admission/gate-steps.ts";
import type { GateRule } from "./admission/rule.ts";
import { backupSteps } from "./backup/backup-step.ts";
import type { BackupAction } from "./backup/backup-step.ts";
import { canonicalJson } from "./canonical-json.ts";
import type { Digest } from "./ids.ts";
import type { LaneKey } from "./lane.ts";
import type { Plan, PlanBody, Release } from "./plan.ts";
import type {
  Action,
  DeployItem,
  EnvironmentDefinition,
  Playbook,
  RollbackPolicy,
  ServiceInEnvironment,
} from "./playbook.ts";
import { assertNever } from "./ids.ts";
import type { Runtime } from "./runtime.ts";
import { sha256Hex } from "./sha256.ts";
import type { Step } from "./step.ts";
import { judgeable, verifyStep } from "./strategies/strategy-steps.ts";
import { strategySteps } from "./strategies/strategy.ts";

export interface CompileInput extends LaneKey {
  readonly playbook: Playbook;
  readonly place: ServiceInEnvironment;
  readonly takes: EnvironmentDefinition["takes"];
  readonly release: Release;
  /** What is stable there now, and how it runs. */
  readonly from: { readonly release: Release; readonly runtime: Runtime } | null;
  /** What its phase of a rollout asks at the entry. */
  readonly phase?: readonly GateRule[] | undefined;
  /** Environments that take it automatically after success here. */
  readonly promotesTo: readonly string[];
}

/** Throws where the playbook has no strategy; config refuses such a one before. */
export const compile = (input: CompileInput): Plan => {
  const { playbook, place } = input;
  const strategy = playbook.deploy.find((item) => item.kind === "strategy")?.strategy;
  if (strategy === undefined) throw new Error(`playbook ${playbook.name} has no strategy`);
  const first = input.from === null;
  const steps = allSteps(input, first);
  return seal({
    service: input.service,
    environment: input.environment,
    release: input.release,
    from: input.from?.release ?? null,
    playbook: playbook.name,
    strategy: strategy.kind,
    steps,
    triggers: judgeable(playbook.rollback.when, first),
    analysis: playbook.analysis,
    instances: place.instances,
    runtime: place.runtime,
    fromRuntime: input.from?.runtime ?? null,
    route: place.route,
    rollback: {
      keepFailedMs: playbook.rollback.keepFailedMs,
      withinMs: playbook.rollback.withinMs,
      tier: playbook.rollback.tier,
      ...wayBack(playbook.rollback),
    },
    onFreeze: playbook.onFreeze,
    calendars: calendarsOf(steps),
    readyWithinMs: strategy.readyWithinMs,
    shiftWithinMs: strategy.shiftWithinMs,
    onNewer: playbook.onNewer,
    notify: playbook.notify,
    promotesTo: input.promotesTo,
    ...followUps(playbook),
  });
};

/** What is not written is not there, so that plans without it stay as they were. */
const wayBack = ({
  tierWithinMs,
  traffic,
  verify,
}: RollbackPolicy): Pick<PlanBody["rollback"], WayBack> => ({
  ...(tierWithinMs === undefined ? {} : { tierWithinMs }),
  ...(traffic === undefined ? {} : { traffic }),
  ...(verify === undefined ? {} : { verify }),
});

type WayBack = "tierWithinMs" | "traffic" | "verify";

/** Without any, a plan is as it was before there were some. */
const followUps = ({ after }: Playbook): Pick<PlanBody, "followUps"> => {
  const lists = after.flatMap((item) => (item.kind === "followUp" ? [item.checklist] : []));
  return lists.length === 0 ? {} : { followUps: lists };
};

export const seal = (body: PlanBody): Plan => ({
  ...body,
  hash: `sha256:${sha256Hex(canonicalJson(body))}` as Digest,
});

const allSteps = (input: CompileInput, first: boolean): readonly Step[] => {
  const { playbook, place, takes } = input;
  let tail: readonly Step[] = [];
  const several = (item: Several, id: string): readonly Step[] => {
    if (item.kind === "backup") return backupSteps(item, id, input);
    const made = strategySteps(item.strategy, {
      release: input.release.id,
      instances: place.instances,
      first,
    });
    tail = made.tail;
    return made.steps;
  };
  const work = playbook.before.findIndex((action) => !isGateAction(action));
  const led = work < 0 ? playbook.before.length : work;
  const leading = playbook.before.slice(0, led).filter(isGateAction);
  const steps = [
    gateStep("entry", [...entryRules(takes), ...(input.phase ?? []), ...gateRules(leading)]),
    // The entry is the first gate of `before`, whether it asks for anything written there or not.
    ...partSteps("before", playbook.before.slice(led), 2, several),
    ...partSteps("deploy", playbook.deploy, 1, several),
    ...partSteps("after", playbook.after, 1, several),
  ];
  return [...steps, ...tail];
};

/** What becomes several steps, or none: that depends on where the run goes. */
type Several = Extract<DeployItem, { kind: "strategy" }> | BackupAction;

type Part = "before" | "deploy" | "after";

const partSteps = (
  part: Part,
  items: readonly DeployItem[],
  firstGate: number,
  several: (item: Several, id: string) => readonly Step[],
): readonly Step[] => {
  let gates = firstGate;
  // A follow-up is no step: nothing waits for it.
  return inGroups(items.filter(isNoFollowUp)).flatMap((group): readonly Step[] => {
    if (group.kind === "gate") {
      gates += 1;
      return [gateStep(`${part}-gate-${gates - 1}`, gateRules(group.actions))];
    }
    const { item } = group;
    if (item.kind === "strategy") return several(item, part);
    if (item.kind === "backup") return several(item, `${part}-${item.name}`);
    return [actionStep(item, part)];
  });
};

type FollowUpAction = Extract<Action, { kind: "followUp" }>;

const isNoFollowUp = (item: DeployItem): item is Exclude<DeployItem, FollowUpAction> =>
  item.kind !== "followUp";

/** Named after what is written, so that ids stay when other actions come or go. */
const actionStep = (
  action: Exclude<Action, GateAction | BackupAction | FollowUpAction>,
  part: Part,
): Step => {
  const id = `${part}-${action.name}`;
  switch (action.kind) {
    case "task": {
      const { kind, name, ...rest } = action;
      return { kind, id, title: name, ...rest };
    }
    case "verify":
      return { ...verifyStep(id, "candidate", action.verify), title: action.name };
    case "manual": {
      const { kind, name, ...rest } = action;
      return { kind, id, title: name, ...rest };
    }
    default:
      return assertNever(action);
  }
};
