// Random playbooks: everything that a written one can say, with times short enough to see them end.

import type { Calendar } from "../core/calendar/calendar.ts";
import type { DurationMs, Permille } from "../core/ids.ts";
import type {
  Action,
  Amount,
  BakePolicy,
  CanaryStop,
  DeployItem,
  Playbook,
  Strategy,
  VerifyPolicy,
} from "../core/playbook.ts";
import type { MigrationPhase, Undo } from "../core/step.ts";
import type { Condition, MetricCondition } from "../core/threshold.ts";
import { checklist, gateAction } from "./gates.ts";
import type { Chance } from "./prng.ts";
import { APPROVERS } from "./roster.ts";

const seconds = (chance: Chance, low: number, high: number): DurationMs =>
  chance.int(low, high) * 1000;

/** By these a good release passes and each kind of bad one fails, with room on both sides. */
const atMost = (
  metric: MetricCondition["metric"],
  value: number,
  unit: string,
): MetricCondition => ({
  kind: "metric",
  metric,
  comparison: "<",
  bound: { kind: "absolute", value },
  forMs: 0,
  text: `${metric} < ${value}${unit}`,
});

const GATES: readonly MetricCondition[] = [
  atMost("errorRate", 1, "%"),
  atMost("p95", 250, "ms"),
  atMost("healthCheckFailures", 30, "%"),
];

const above = (
  metric: MetricCondition["metric"],
  bound: MetricCondition["bound"],
  forMs: DurationMs,
  text: string,
): MetricCondition => ({
  kind: "metric",
  metric,
  comparison: ">",
  bound,
  forMs,
  text: `${metric} > ${text} for ${forMs / 1000}s`,
});

const triggers = (chance: Chance): readonly Condition[] => {
  const held = (): DurationMs => chance.pick([0, 10_000, 20_000, 30_000]);
  const all: readonly Condition[] = [
    above("errorRate", { kind: "absolute", value: 5 }, held(), "5%"),
    above("p95", { kind: "absolute", value: 500 }, held(), "500ms"),
    above("p95", { kind: "timesBaseline", factor: 3 }, held(), "3x baseline"),
    above("errorRate", { kind: "abovePoints", add: 4 }, held(), "baseline + 4pp"),
    above("healthCheckFailures", { kind: "absolute", value: 75 }, held(), "75%"),
  ];
  const metrics = all.filter(() => chance.hit(0.6));
  const alert = metrics.some(({ text }) => text.includes("3x")) ? BY_NAME : BY_SEVERITY;
  return chance.hit(0.6) ? [...metrics, alert] : metrics;
};

const BY_SEVERITY: Condition = { kind: "alert", severity: "critical", text: "alert critical" };
const BY_NAME: Condition = { kind: "namedAlert", name: "DiskFull", text: "alert DiskFull" };

const bake = (chance: Chance): BakePolicy => ({
  forMs: seconds(chance, 5, 40),
  gates: GATES,
  patienceMs: seconds(chance, 5, 60),
  onPatienceEnd: chance.pick(["back", "back", "hold"]),
  holdForMs: seconds(chance, 5, 40),
  onHoldEnd: chance.pick(["back", "back", "hold"]),
});

const verify = (chance: Chance): VerifyPolicy => ({
  paths: ["/"],
  through: chance.pick(["instances", "instances", "instances", "router"]),
  initialWaitMs: chance.int(0, 2000),
  attempts: chance.int(1, 4),
  intervalMs: chance.int(500, 3000),
  timeoutMs: 2000,
});

const strategy = (hours: Calendar, chance: Chance): Strategy => {
  const head = {
    readyWithinMs: seconds(chance, 8, 25),
    shiftWithinMs: seconds(chance, 5, 20),
    // Before its first traffic a candidate answers on its instances, not on the route.
    verify: chance.hit(0.4) ? ({ ...verify(chance), through: "instances" } as const) : null,
    stability: bake(chance),
  };
  const keepWarmMs = chance.hit(0.25) ? 0 : seconds(chance, 3, 60);
  const kind = chance.pick([
    "canary",
    "canary",
    "canary",
    "blueGreen",
    "rolling",
    "recreate",
  ] as const);
  switch (kind) {
    case "canary": {
      const weights = chance.pick([
        [50, 250, 500, 1000],
        [100, 1000],
        [1000],
        [333, 666, 1000],
        [5, 1000],
        [500, 1000],
      ]);
      const stops = weights.flatMap((before): readonly CanaryStop[] =>
        chance.hit(0.3) ? [stop(before, hours, chance)] : [],
      );
      return { kind, ...head, weights, stops, bake: bake(chance), keepWarmMs };
    }
    case "blueGreen":
      return { kind, ...head, keepWarmMs };
    case "rolling":
      return { kind, ...head, maxSurge: amount(chance), maxUnavailable: amount(chance) };
    case "recreate":
      return { kind, ...head };
  }
};

/** Something that people have to say or do before a share is given. */
const stop = (before: Permille, hours: Calendar, chance: Chance): CanaryStop => ({
  before,
  actions: [
    ...(chance.hit(0.8) ? [gateAction(hours, chance)] : []),
    ...(chance.hit(0.4) ? [byHand(`stop-${before}`)] : []),
    ...(chance.hit(0.2) ? [gateAction(hours, chance)] : []),
  ],
  withinMs: chance.hit(0.5) ? seconds(chance, 20, 120) : 7 * 86_400_000,
  onLate: chance.pick(["hold", "back"]),
});

const byHand = (name: string): Extract<Action, { kind: "manual" }> => ({
  kind: "manual",
  name,
  instructions: "look at it",
  from: APPROVERS,
});

const amount = (chance: Chance): Amount =>
  chance.hit(0.5)
    ? { kind: "count", count: chance.int(0, 2) }
    : { kind: "share", percent: chance.pick([0, 25, 50, 100]) };

const undo = (chance: Chance): Undo => ({
  task: { kind: "command", command: ["./migrate", "down"], env: {} },
  deadlineMs: seconds(chance, 5, 30),
  repeatable: chance.hit(0.5),
  tier: chance.pick(["immediate", "gradual", "full"]),
});

const phase = (chance: Chance): MigrationPhase | null =>
  chance.hit(0.5) ? chance.pick(["expand", "migrate", "contract"] as const) : null;

const action = (hours: Calendar, chance: Chance, index: number): Action => {
  const kind = chance.pick(["task", "task", "task", "gate", "gate", "manual", "http"] as const);
  const name = `${kind}-${index}`;
  switch (kind) {
    case "gate":
      return gateAction(hours, chance);
    case "manual":
      return byHand(name);
    case "task":
    case "http":
      return {
        kind: "task",
        name,
        task:
          kind === "task"
            ? { kind: "command", command: ["./migrate", "up"], env: {} }
            : {
                kind: "http",
                method: "POST",
                url: "http://localhost/purge",
                body: null,
                expectStatus: [200],
              },
        deadlineMs: seconds(chance, 5, 60),
        repeatable: chance.hit(0.5),
        onUnknown: chance.pick(["hold", "back"]),
        attempts: chance.int(1, 3),
        undo: chance.hit(0.6) ? undo(chance) : null,
        migration: phase(chance),
      };
  }
};

const throughRouter = (chance: Chance): VerifyPolicy => ({
  ...verify(chance),
  through: "router",
});

export const randomPlaybook = (name: string, hours: Calendar, chance: Chance): Playbook => {
  const actions = (odds: number, index: number): readonly Action[] =>
    chance.hit(odds) ? [action(hours, chance, index)] : [];
  const deploy: readonly DeployItem[] = [
    ...actions(0.45, 1),
    ...actions(0.2, 5),
    { kind: "strategy", strategy: strategy(hours, chance) },
    ...actions(0.2, 2),
  ];
  return {
    name,
    withinMs: null,
    before: [...actions(0.4, 3), ...actions(0.2, 6)],
    deploy,
    after: [
      ...(chance.hit(0.3)
        ? [{ kind: "verify" as const, name: "smoke", verify: throughRouter(chance) }]
        : actions(0.2, 4)),
      ...(chance.hit(0.2) ? [{ kind: "followUp" as const, checklist: checklist(chance) }] : []),
    ],
    analysis: {
      intervalMs: seconds(chance, 3, 8),
      windowMs: seconds(chance, 6, 15),
      minRequests: chance.int(1, 10),
      baseline: { from: chance.pick(["stable", "before"]), windowMs: 60_000 },
    },
    rollback: {
      when: triggers(chance),
      keepFailedMs: chance.pick([0, seconds(chance, 5, 60)]),
      withinMs: 60_000,
      tier: chance.pick(["immediate", "gradual", "full"]),
    },
    onFreeze: chance.pick(["hold", "hold", "finish", "back"]),
    onNewer: chance.pick(["queue", "supersede"]),
    notify: chance.hit(0.5) ? [{ kind: "webhook", url: "http://localhost/hook" }] : [],
  };
};

/** All at once, watched for a moment by nothing but its triggers. */
export const simplePlaybook = (playbook: Playbook): Playbook => ({
  ...playbook,
  before: [],
  after: [],
  deploy: [
    {
      kind: "strategy",
      strategy: {
        kind: "blueGreen",
        keepWarmMs: 0,
        readyWithinMs: 30_000,
        shiftWithinMs: 30_000,
        verify: null,
        stability: {
          forMs: 5_000,
          gates: [],
          patienceMs: 60_000,
          onPatienceEnd: "hold",
          holdForMs: 60_000,
          onHoldEnd: "hold",
        },
      },
    },
  ],
  rollback: { ...playbook.rollback, when: [] },
});
