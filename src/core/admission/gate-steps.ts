// Which gates a plan has and what each asks, under ids that stay when other actions come or go.

import type { EnvironmentName } from "../ids.ts";
import type { Calendar } from "../calendar/calendar.ts";
import { DAY_MS } from "../calendar/civil.ts";
import type { Action, DeployItem, Takes } from "../playbook.ts";
import type { GateStep, Step } from "../step.ts";
import { assertNever } from "../ids.ts";
import { daysText } from "../rollout/phase-class.ts";
import type { ApprovalRule, Checklist, GateRule } from "./rule.ts";

export type GateAction = Extract<
  Action,
  { kind: "approval" | "evidence" | "checklist" | "window" | "changeRecord" }
>;

/** What is not allowed by then fails, and its run with it. */
const WITHIN_MS = 7 * DAY_MS;

export const isGateAction = (item: DeployItem): item is GateAction => {
  const { kind } = item;
  switch (kind) {
    case "approval":
    case "evidence":
    case "checklist":
    case "window":
    case "changeRecord":
      return true;
    case "task":
    case "backup":
    case "verify":
    case "manual":
    case "followUp":
    case "strategy":
      return false;
    default:
      return assertNever(kind);
  }
};

export const gateStep = (id: string, rules: readonly GateRule[]): GateStep => ({
  kind: "gate",
  id,
  title: rules.map(titleOf).join("; "),
  rules,
  withinMs: WITHIN_MS + daysAhead(rules) * DAY_MS,
});

/** A phase waits for its day as long as that takes. */
const daysAhead = (rules: readonly GateRule[]): number =>
  Math.max(0, ...rules.map((rule) => (rule.kind === "phase" ? rule.phase.days.last : 0)));

export type Group<T> =
  | { readonly kind: "gate"; readonly actions: readonly GateAction[] }
  | { readonly kind: "single"; readonly item: T };

/** Gate actions that stand together become one gate: all of it is asked at the same moment. */
export const inGroups = <T extends DeployItem>(
  items: readonly T[],
): readonly Group<Exclude<T, GateAction>>[] => {
  const groups: Group<Exclude<T, GateAction>>[] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (!isGateAction(item)) {
      groups.push({ kind: "single", item: item as Exclude<T, GateAction> });
    } else if (last?.kind === "gate") {
      groups[groups.length - 1] = { kind: "gate", actions: [...last.actions, item] };
    } else {
      groups.push({ kind: "gate", actions: [item] });
    }
  }
  return groups;
};

/** What the environment asks of every run, whoever or whatever began it. */
export const entryRules = (takes: Takes): readonly GateRule[] => [
  { id: "no-freeze", kind: "noFreeze" },
  ...(takes.from.kind === "environment" ? [verifiedIn(takes.from.name)] : []),
  ...(takes.calendar === null
    ? []
    : [{ id: "window", kind: "window" as const, calendar: takes.calendar }]),
  ...(takes.approval === null
    ? []
    : [{ id: "approval", kind: "approval" as const, approval: takes.approval }]),
];

const verifiedIn = (environment: EnvironmentName): GateRule => ({
  id: `verified-in-${environment}`,
  kind: "verifiedIn",
  environment,
});

/** What stands together in a playbook, as the rules of one gate. */
export const gateRules = (actions: readonly GateAction[]): readonly GateRule[] => {
  const rules: GateRule[] = [];
  const items = new Set<string>();
  for (const [index, action] of actions.entries()) {
    const base = baseId(action);
    const nth = actions.slice(0, index + 1).filter((one) => baseId(one) === base).length;
    const numbered = action.kind === "approval" || action.kind === "evidence" || nth > 1;
    const id = numbered ? `${base}-${nth}` : base;
    if (action.kind !== "checklist") rules.push({ ...action, id });
    else rules.push({ ...action, id, checklist: apart(action.checklist, items) });
  }
  return rules;
};

const baseId = (action: GateAction): string => {
  switch (action.kind) {
    case "approval":
    case "evidence":
      return action.kind;
    case "checklist":
      return `checklist-${action.checklist.name}`;
    case "window":
      return `window-${action.calendar.name}`;
    case "changeRecord":
      return "change-record";
    default:
      return assertNever(action);
  }
};

/** A tick names the gate and the item, so no two items of one gate may have the same name. */
const apart = (list: Checklist, taken: Set<string>): Checklist => ({
  ...list,
  items: list.items.map((item) => {
    const id = taken.has(item.id) ? `${list.name}-${item.id}` : item.id;
    taken.add(id);
    return { ...item, id };
  }),
});

/** What the gates among them ask, as each gate has it. */
export const calendarsAsked = (steps: readonly Step[]): readonly Calendar[] =>
  steps.flatMap((step) =>
    step.kind === "gate"
      ? step.rules.flatMap((rule) => (rule.kind === "window" ? [rule.calendar] : []))
      : [],
  );

/** Of all gates, each once: what they deny is watched as long as the run goes forward. */
export const calendarsOf = (steps: readonly Step[]): readonly Calendar[] => {
  const calendars = calendarsAsked(steps);
  return calendars.filter(
    (one, index) => calendars.findIndex(({ name }) => name === one.name) === index,
  );
};

const titleOf = (rule: GateRule): string => {
  switch (rule.kind) {
    case "approval":
      return `approval by ${rule.approval.count} of ${peopleText(rule.approval)}`;
    case "evidence":
      return `evidence: ${rule.conditions.map(({ text }) => text).join(", ")}`;
    case "checklist":
      return `checklist ${rule.checklist.name} (${rule.checklist.items.length} items)`;
    case "window":
      return `window ${rule.calendar.name}`;
    case "noFreeze":
      return "no freeze";
    case "changeRecord":
      return "change record approved";
    case "verifiedIn":
      return `verified in ${rule.environment}`;
    case "phase":
      return `day ${daysText(rule.phase.days)} of ${rule.phase.rollout}`;
    default:
      return assertNever(rule);
  }
};

const peopleText = ({ from, groups }: ApprovalRule): string =>
  groups.length === 0 ? from.join(", ") : `${from.join(", ")} (${groups.join(", ")})`;
