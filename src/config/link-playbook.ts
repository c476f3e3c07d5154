// From playbooks and environments as they are written to those of the domain: calendars and
// checklists in place of their names, people in place of groups.

import type { ApprovalRule, Checklist } from "../core/admission/rule.ts";
import type { Database } from "../core/backup/database.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import type {
  Action,
  CanaryStop,
  DeployItem,
  EnvironmentDefinition,
  Playbook,
  StopAction,
} from "../core/playbook.ts";
import type { WrittenAction } from "./actions.ts";
import type { WrittenStrategy } from "./canary-steps.ts";
import type { EntryOf } from "./entries.ts";
import { linkPeople, lookUp, type Named, type People, type Tell } from "./names.ts";
import type { Chosen } from "./only-one.ts";
import type { Path } from "./place.ts";
import type { WrittenDeployItem } from "./playbook-parts.ts";

export interface Names {
  readonly people: People;
  readonly calendars: Named<Calendar>;
  readonly checklists: Named<Checklist>;
  readonly databases: Named<Database>;
  readonly tell: Tell;
}

type Where = (path: Path) => string;

/** Null: something that it names is missing or wrong, which was told. */
export const linkPlaybook = (
  { value, where }: EntryOf<"Playbook">,
  names: Names,
): Playbook | null => {
  const linked = <T>(
    part: "before" | "deploy" | "after",
    link: (item: Chosen<WrittenDeployItem>, at: Where) => T | null,
  ): readonly (T | null)[] =>
    value[part].map((item, index) => link(item, (path) => where([part, index, item.key, ...path])));
  const action = (item: Chosen<WrittenDeployItem>, at: Where): Action | null =>
    item.value.kind === "strategy" ? null : linkAction(item.value, at, names);
  const before = linked("before", action);
  const deploy = linked("deploy", (item, at): DeployItem | null =>
    item.value.kind === "strategy"
      ? linkStrategy(item.value.strategy, at, names)
      : linkAction(item.value, at, names),
  );
  const after = linked("after", action);
  if (!isWhole(before) || !isWhole(deploy) || !isWhole(after)) return null;
  return { ...value, before, deploy, after };
};

const isWhole = <T>(items: readonly (T | null)[]): items is readonly T[] => !items.includes(null);

/** Null: what it names is missing or wrong, which was told. */
export const linkAction = (action: WrittenAction, at: Where, names: Names): Action | null => {
  switch (action.kind) {
    case "approval":
      return { kind: "approval", approval: linkApproval(action.approval, at, names) };
    case "manual": {
      const { from } = linkPeople(action.from, names.people, (i) => at(["from", i]), names.tell);
      return { ...action, from };
    }
    case "window": {
      const { calendars, tell } = names;
      const calendar = lookUp(calendars, "calendar", action.calendar, () => at([]), tell);
      return calendar === null ? null : { kind: "window", calendar };
    }
    case "checklist": {
      const { checklists, tell } = names;
      const checklist = lookUp(checklists, "checklist", action.checklist, () => at([]), tell);
      return checklist === null ? null : { kind: "checklist", checklist };
    }
    case "backup": {
      const { databases, tell } = names;
      const wanted = action.database;
      const database = lookUp(databases, "database", wanted, () => at(["database"]), tell);
      return database === null ? null : { ...action, database };
    }
    case "followUp":
      return linkFollowUp(action.checklist, at, names);
    default:
      return action;
  }
};

/** Null: something that is asked between the shares is missing or wrong, which was told. */
const linkStrategy = (strategy: WrittenStrategy, at: Where, names: Names): DeployItem | null => {
  if (strategy.kind !== "canary") return { kind: "strategy", strategy };
  const stops = strategy.stops.map(({ index, actions, ...stop }): CanaryStop | null => {
    const linked = actions.map(({ key, value }, nth) => {
      const here: Where = (path) => at(["steps", index, "before", nth, key, ...path]);
      return linkAction(value, here, names) as StopAction | null;
    });
    return isWhole(linked) ? { ...stop, actions: linked } : null;
  });
  return isWhole(stops) ? { kind: "strategy", strategy: { ...strategy, stops } } : null;
};

/** Nothing of it is looked at by itself: there is no gate that would. */
const linkFollowUp = (name: string, at: Where, { checklists, tell }: Names): Action | null => {
  const checklist = lookUp(checklists, "checklist", name, () => at([]), tell);
  const checked = checklist?.items.find(({ check }) => check !== null);
  if (checked !== undefined) {
    const message = `${checked.id} of ${name} is checked, and a follow-up is only ticked`;
    const hint = "write it as checklist, or leave the check out";
    tell(() => ({ code: "follow-up-with-check", message, where: at([]), hint }));
  }
  return checklist === null ? null : { kind: "followUp", checklist };
};

export const linkApproval = (rule: ApprovalRule, at: Where, names: Names): ApprovalRule => {
  const { from, groups, known } = linkPeople(
    rule.from,
    names.people,
    (index) => at(["from", index]),
    names.tell,
  );
  if (known && rule.count > from.length) {
    const message = `expected at most ${from.length}, as many as are named, found ${rule.count}`;
    const hint = unknownGroup(rule.from, names.people) ?? "name more people or ask for fewer";
    names.tell(() => ({ code: "too-few-people", message, where: at(["count"]), hint }));
  }
  const twice = alike(from);
  if (twice !== null) {
    const message = `${twice.join(" and ")} differ in nothing but upper and lower case`;
    const hint = "one person would count for two: write both as they sign in";
    names.tell(() => ({ code: "duplicate-name", message, where: at(["from"]), hint }));
  }
  return { ...rule, from, groups };
};

/** The first two names, of all groups together, that are most likely one person; null: none. */
const alike = (from: readonly string[]): readonly [string, string] | null => {
  const seen = new Map<string, string>();
  for (const name of from) {
    const first = seen.get(name.toLowerCase());
    if (first !== undefined && first !== name) return [first, name];
    seen.set(name.toLowerCase(), name);
  }
  return null;
};

/** Where there are groups, a name that is in none of them may have been meant for one. */
const unknownGroup = (from: readonly string[], { groups, members }: People): string | null => {
  const single = from.find((name) => !groups.has(name) && !members.has(name));
  if (groups.size === 0 || single === undefined) return null;
  return `${single} is no group, so it counts as one person`;
};

export const linkEnvironment = (
  { value, where }: EntryOf<"Environment">,
  names: Names,
): EnvironmentDefinition => {
  const { calendar, emergency, approval, ...takes } = value.takes;
  const at = (path: Path): string => where(["takes", ...path]);
  const { calendars, people, tell } = names;
  return {
    ...value,
    takes: {
      ...takes,
      approval:
        approval === null
          ? null
          : linkApproval(approval, (path) => at(["approval", ...path]), names),
      calendar:
        calendar === null
          ? null
          : lookUp(calendars, "calendar", calendar, () => at(["calendar"]), tell),
      emergency:
        emergency === null
          ? null
          : {
              ...emergency,
              from: linkPeople(
                emergency.from,
                people,
                (index) => at(["emergency", "from", index]),
                tell,
              ).from,
            },
    },
  };
};
