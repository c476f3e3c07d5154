// A plan as plain lines: every step with its concrete values, what it is judged by, how it runs.
// The same lines are printed, and compared with those of another plan.

import type { Plan } from "../../api/contract/orders.ts";
import { ruleText } from "../../api/contract/rule-text.ts";
import { bytes, counted, duration, version } from "./amounts.ts";
import { configurationLines } from "./config-lines.ts";
import { assertNever } from "./never.ts";

type Step = Plan["steps"][number];
type GateRule = Extract<Step, { kind: "gate" }>["rules"][number];
type Of<K extends Step["kind"]> = Extract<Step, { kind: K }>;

export interface StepText {
  readonly title: string;
  /** Short, for the right margin: `within 1 m`, `for 15 m`. */
  readonly time: string;
  readonly details: readonly string[];
}

const STEP_TEXTS: { readonly [K in Step["kind"]]: (step: Of<K>) => Omit<StepText, "title"> } = {
  gate: (step) => ({
    time: `within ${duration(step.withinMs)}`,
    details: step.rules.flatMap(ruleTexts),
  }),
  task: (step) => ({
    time: `within ${duration(step.deadlineMs)}`,
    details: [
      taskText(step.task),
      `${counted(step.attempts, "attempt")}, ${
        step.repeatable ? "may run twice" : `must not run twice: if nobody knows, ${step.onUnknown}`
      }`,
      ...(step.migration === null ? [] : [MIGRATIONS[step.migration]]),
      ...(step.undo === null
        ? []
        : [`taken back by ${taskText(step.undo.task)}, in a rollback of tier ${step.undo.tier}`]),
    ],
  }),
  prepare: (step) => ({ time: `within ${duration(step.withinMs)}`, details: [] }),
  verify: (step) => ({
    time: "",
    details: [
      waitText(step.initialWaitMs) +
        `${counted(step.attempts, "attempt")} every ${duration(step.intervalMs)}, ` +
        `each answer within ${duration(step.probe.timeoutMs)}`,
    ],
  }),
  shift: (step) => ({ time: `within ${duration(step.withinMs)}`, details: [] }),
  bake: (step) => ({
    time: `for ${duration(step.forMs)}`,
    details: [
      step.gates.length === 0
        ? "goes on unless something sends it back"
        : `goes on if ${step.gates.map((gate) => gate.text).join(", ")}`,
      ...(step.gates.length === 0
        ? []
        : [
            `without data it waits ${duration(step.patienceMs)}, ${endText(step.onPatienceEnd)}`,
            `if that fails it holds ${duration(step.holdForMs)}, ${endText(step.onHoldEnd)}`,
          ]),
    ],
  }),
  replace: (step) => ({ time: `within ${duration(step.withinMs)}`, details: [] }),
  retire: (step) => ({ time: `after ${duration(step.afterMs)}`, details: [] }),
  manual: (step) => ({
    time: "",
    details: [step.instructions, `by ${step.from.length === 0 ? "anybody" : step.from.join(", ")}`],
  }),
  train: (step) => ({
    time: `within ${duration(step.withinMs)}`,
    details: step.members.map(({ release, after }) =>
      after.length === 0 ? `${release} first` : `${release} after ${after.join(", ")}`,
    ),
  }),
};

const MIGRATIONS: Readonly<Record<NonNullable<Of<"task">["migration"]>, string>> = {
  expand: "a migration that both releases can live with",
  migrate: "a migration of data, between two that change the schema",
  contract: "a migration behind which nothing goes back by itself",
};

/** What the rule asks, and of a list its items. */
const ruleTexts = (rule: GateRule): readonly string[] => [
  ruleText(rule),
  ...(rule.kind === "checklist"
    ? rule.checklist.items.map((item) => `• ${item.id}: ${item.text}`)
    : []),
  ...(rule.kind === "approval"
    ? rule.approval.asks.map(({ name, text }) => `• asks ${name}: ${text}`)
    : []),
];

const waitText = (ms: number): string => (ms === 0 ? "" : `waits ${duration(ms)}, then `);

const endText = (end: "back" | "hold"): string =>
  end === "back" ? "then goes back" : "then waits for a person";

const taskText = (task: Of<"task">["task"]): string => {
  switch (task.kind) {
    case "command":
      return task.command.join(" ");
    case "http":
      return `${task.method} ${task.url}, expects ${task.expectStatus.join(" or ")}`;
    case "backup":
      return backupText(task);
    case "restore":
      return restoreText(task);
    case "probe":
      return `probes ${task.paths.join(", ")}`;
    default:
      return assertNever(task);
  }
};

type BackupTask = Extract<Of<"task">["task"], { kind: "backup" }>;

const backupText = ({ target, verify }: BackupTask): string => {
  const { database, environment, policy } = target;
  const place = environment === null ? database : `${database} in ${environment}`;
  const test = verify ? ", restores it into a scratch database" : "";
  return `backs up ${place} to ${policy.store.name}${test}`;
};

type RestoreTask = Extract<Of<"task">["task"], { kind: "restore" }>;

const restoreText = ({ target, backup, writers }: RestoreTask): string => {
  const { database, environment } = target;
  const place = environment === null ? database : `${database} in ${environment}`;
  const what = backup === null ? "restoring that backup of" : `restoring ${backup.id} as`;
  const meanwhile =
    writers === "refuse" ? "read only meanwhile" : "what is written meanwhile stays behind";
  return `${what} ${place}, ${meanwhile}; what was there is backed up and kept`;
};

export const stepText = (step: Step): StepText => {
  const text = STEP_TEXTS[step.kind] as (step: Step) => Omit<StepText, "title">;
  return { title: step.title, ...text(step) };
};

const FREEZES: Readonly<Record<Plan["onFreeze"], string>> = {
  hold: "it stays where it is until the freeze ends",
  finish: "it goes on to its end",
  back: "it goes back",
};

/** What holds for the whole plan. */
export const planFacts = (plan: Plan): readonly (readonly [string, string])[] =>
  plan.strategy === "train" ? trainFacts(plan) : serviceFacts(plan);

const trainFacts = ({ rollback, onFreeze }: Plan): readonly (readonly [string, string])[] => [
  ["way back", `${rollback.tier}, within ${duration(rollback.withinMs)}`],
  ...tierTimes(rollback),
  ["in a freeze", FREEZES[onFreeze]],
];

/** None where one time holds for all of them. */
const tierTimes = ({ tierWithinMs }: Plan["rollback"]): readonly (readonly [string, string])[] => {
  if (tierWithinMs === undefined) return [];
  const { immediate, gradual, full } = tierWithinMs;
  const [first, second] = [`immediate ${duration(immediate)}`, `gradual ${duration(gradual)}`];
  return [["by tier", `${first}, ${second}, full ${duration(full)}`]];
};

const serviceFacts = (plan: Plan): readonly (readonly [string, string])[] => {
  const { analysis, rollback, runtime } = plan;
  const triggers = plan.triggers.map((trigger) => ["back if", trigger.text] as const);
  return [
    ...triggers,
    [
      "judged",
      `every ${duration(analysis.intervalMs)} over ${duration(analysis.windowMs)}, ` +
        `from ${counted(analysis.minRequests, "request")} on`,
    ],
    [
      "way back",
      `${rollback.tier}, within ${duration(rollback.withinMs)}, ` +
        `failed slot kept ${duration(rollback.keepFailedMs)}`,
    ],
    ...tierTimes(rollback),
    ...wayBackLines(rollback),
    ["in a freeze", FREEZES[plan.onFreeze]],
    ["newer release", plan.onNewer === "queue" ? "waits for this one" : "takes its place"],
    ["instances", String(plan.instances)],
    ["runs", runtime.command.join(" ")],
    ...Object.entries(runtime.env).map(([name, value]) => ["with", `${name}=${value}`] as const),
    ...configurationLines(runtime),
    [
      "limits",
      `${counted(runtime.resources.cpuCores, "core")}, ${bytes(runtime.resources.memoryBytes)}`,
    ],
    ["listens on", plan.route.listen],
    ...(plan.promotesTo.length === 0
      ? []
      : [["then", `on to ${plan.promotesTo.join(", ")}`] as const]),
  ];
};

const percent = (share: number): string => `${share / 10} %`;

const wayBackLines = ({
  traffic,
  verify,
}: Plan["rollback"]): readonly (readonly [string, string])[] => [
  ...(traffic === undefined
    ? []
    : [
        [
          "traffic back",
          `in the tier gradual by ${traffic.shares.map(percent).join(", ")}, ` +
            `${duration(traffic.bakeMs)} each, otherwise at once`,
        ] as const,
      ]),
  ...(verify === undefined
    ? []
    : [["then probes", `${verify.paths.join(", ")}, once the traffic is back`] as const]),
];

/** Everything, one line each, with the plan's own versions by their roles: two plans of one
 * playbook for different releases have the same lines. */
export const comparable = (plan: Plan): readonly string[] => {
  const own = version(plan.release.id);
  const steps = plan.steps.flatMap((step) => {
    const { title, time, details } = stepText(step);
    return [`${title}${time === "" ? "" : `, ${time}`}`, ...details.map((line) => `  ${line}`)];
  });
  const facts = planFacts(plan).map(([name, value]) => `${name} ${value}`);
  // A version that is a mere number could be any number in the text.
  if (/^\d+$/.test(own)) return [...steps, ...facts];
  return [...steps, ...facts].map((line) => line.replaceAll(own, "RELEASE"));
};
