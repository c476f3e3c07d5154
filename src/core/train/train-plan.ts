// A train and the releases it brings → the plan of its run: gates, one step for all members, gates.
// The members' own plans are made when their turn comes, each from what is stable there then.

import {
  calendarsOf,
  entryRules,
  gateRules,
  gateStep,
  isGateAction,
} from "../admission/gate-steps.ts";
import type { GateAction } from "../admission/gate-steps.ts";
import { seal } from "../compile.ts";
import { didYouMean } from "../closest.ts";
import type { ReleaseId, ServiceName } from "../ids.ts";
import type { LaneKey } from "../lane.ts";
import type { Plan, PlanBody, Release } from "../plan.ts";
import type { EnvironmentDefinition, TrainAction, TrainDefinition } from "../playbook.ts";
import { Refusal } from "../refusal.ts";
import type { Step, TrainMember, TrainStep } from "../step.ts";

export interface TrainPlanInput extends LaneKey {
  readonly train: TrainDefinition;
  readonly takes: EnvironmentDefinition["takes"];
  readonly release: Release;
  readonly from: Release | null;
}

/** Throws a Refusal: `not-a-member` where it brings what the train does not have. */
export const trainPlan = (input: TrainPlanInput): Plan => {
  const { train, release } = input;
  const { leading, rest } = led(train.before);
  const steps: readonly Step[] = [
    gateStep("entry", [...entryRules(takesOf(input)), ...gateRules(leading)]),
    ...partSteps("before", rest),
    trainStep(train, release),
    ...partSteps("after", train.after),
  ];
  return seal({
    ...NOTHING_RUNS,
    service: input.service,
    environment: input.environment,
    release,
    from: input.from,
    playbook: train.name,
    strategy: "train",
    steps,
    rollback: { keepFailedMs: 0, ...train.rollback },
    onFreeze: train.onFreeze,
    calendars: calendarsOf(steps),
    notify: train.notify,
  });
};

/** A train that does not stop in the environment before leaves that question to its members, each
 * of which is asked it again. */
const takesOf = ({ takes, train }: TrainPlanInput): EnvironmentDefinition["takes"] =>
  takes.from.kind === "environment" && !train.environments.includes(takes.from.name)
    ? { ...takes, from: { kind: "release" } }
    : takes;

const trainStep = (train: TrainDefinition, release: Release): TrainStep => {
  const members = membersOf(train, release.members ?? []);
  return {
    kind: "train",
    id: "train",
    title: members.map((member) => member.release).join(", "),
    way: "forward",
    members,
    withinMs: train.withinMs,
    tier: train.rollback.tier,
    anyway: false,
  };
};

/** Each after those it depends on, otherwise as the train lists them. Who stays at home is no
 * reason to go before those that they would have waited for. */
const membersOf = (
  train: TrainDefinition,
  releases: readonly ReleaseId[],
): readonly TrainMember[] => {
  const byService = new Map(releases.map((release) => [serviceOf(release), release]));
  const names = train.members.map(({ service }) => service);
  for (const [service, release] of byService) {
    if (!names.includes(service)) throw notAMember(train, release);
  }
  const all = train.members.flatMap(({ service }): readonly TrainMember[] => {
    const release = byService.get(service);
    const after = [...ancestorsOf(train, service)].filter((one) => byService.has(one));
    return release === undefined ? [] : [{ service, release, after: after.toSorted() }];
  });
  // Whoever comes after another has all of the other's ancestors, and the other as well.
  return all.toSorted((a, b) => a.after.length - b.after.length);
};

/** The service of `service@version`. */
export const serviceOf = (release: ReleaseId): ServiceName =>
  release.slice(0, release.lastIndexOf("@")) as ServiceName;

const ancestorsOf = (
  { members }: TrainDefinition,
  service: ServiceName,
): ReadonlySet<ServiceName> => {
  const found = new Set<ServiceName>();
  const open = [service];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const after = members.find((one) => one.service === next)?.after ?? [];
    for (const one of after) {
      if (!found.has(one)) open.push(one);
      found.add(one);
    }
  }
  return found;
};

export const notAMember = (train: TrainDefinition, release: ReleaseId): Refusal =>
  new Refusal({
    code: "not-a-member",
    message: `${release} is no release of a member of ${train.name}`,
    hint: didYouMean(
      serviceOf(release),
      train.members.map(({ service }) => service),
    ),
  });

const led = (actions: readonly TrainAction[]) => {
  const work = actions.findIndex((action) => !isGateAction(action));
  const at = work < 0 ? actions.length : work;
  return { leading: actions.slice(0, at).filter(isGateAction), rest: actions.slice(at) };
};

/** Gates that stand together are asked at the same moment, and numbered as in a playbook. */
const partSteps = (part: "before" | "after", actions: readonly TrainAction[]): readonly Step[] => {
  const steps: Step[] = [];
  let together: GateAction[] = [];
  let gates = part === "before" ? 2 : 1;
  const close = (): void => {
    if (together.length === 0) return;
    steps.push(gateStep(`${part}-gate-${gates}`, gateRules(together)));
    gates += 1;
    together = [];
  };
  for (const action of actions) {
    if (isGateAction(action)) {
      together.push(action);
      continue;
    }
    close();
    const { name, instructions, from } = action;
    steps.push({ kind: "manual", id: `${part}-${name}`, title: name, instructions, from });
  }
  close();
  return steps;
};

const PROBE = {
  path: "/",
  initialDelayMs: 0,
  intervalMs: 1_000,
  timeoutMs: 1_000,
  failureThreshold: 1,
  successThreshold: 1,
};

/** What a plan says of instances, traffic and measuring: a train has none of it. */
const NOTHING_RUNS = {
  triggers: [],
  analysis: {
    intervalMs: 60_000,
    windowMs: 60_000,
    minRequests: 0,
    baseline: { from: "stable", windowMs: 60_000 },
  },
  instances: 0,
  runtime: {
    command: [],
    env: {},
    readiness: PROBE,
    liveness: null,
    stop: { drainMs: 0, killAfterMs: 0 },
    restart: { initialBackoffMs: 1_000, maxBackoffMs: 1_000 },
    resources: { cpuCores: 0, memoryBytes: 0 },
    logs: { maxFileBytes: 0, keepFiles: 0 },
  },
  fromRuntime: null,
  route: {
    listen: "",
    sticky: null,
    timeouts: { connectMs: 0, responseMs: 0, idleMs: 0 },
  },
  readyWithinMs: 0,
  shiftWithinMs: 0,
  onNewer: "queue",
  promotesTo: [],
} as const satisfies Partial<PlanBody>;

/** What target and router of a train's lane would show. */
export const NOTHING_THERE = {
  target: {
    generation: 0,
    slots: { blue: { wanted: [], instances: [] }, green: { wanted: [], instances: [] } },
  },
  router: { generation: 0, weights: { blue: 0, green: 0 }, endpoints: { blue: 0, green: 0 } },
} as const;
