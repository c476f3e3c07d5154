// Calendars as they stand in the definitions: open or not, when next, and where runs ask them.

import { askCalendar, openState } from "../core/calendar/ask-calendar.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import { openPeriods } from "../core/calendar/open-periods.ts";
import type { Instant } from "../core/ids.ts";
import { unknown } from "../core/plan-for.ts";
import type { Action, Definitions, DeployItem, Strategy } from "../core/playbook.ts";
import type { CalendarBrief, CalendarView } from "./contract/calendars.ts";
import { momentAt, momentIn } from "./local-moments.ts";
import type { ApiParts } from "./parts.ts";

export const calendarBriefs = (definitions: Definitions, now: Instant): readonly CalendarBrief[] =>
  definitions.calendars.map((calendar) => calendarBrief(definitions, calendar, now));

const calendarBrief = (
  definitions: Definitions,
  calendar: Calendar,
  now: Instant,
): CalendarBrief => {
  const { open, until } = openState(calendar, now);
  return {
    name: calendar.name,
    zone: calendar.zone,
    open,
    until: momentIn(calendar.zone, until),
    askedBy: askedBy(definitions, calendar.name),
  };
};

export const calendarView = (
  definitions: Definitions,
  calendar: Calendar,
  { from, count }: { readonly from: Instant; readonly count: number },
): CalendarView => ({
  ...calendarBrief(definitions, calendar, from),
  allow: calendar.allow.map((one) => one.text),
  deny: calendar.deny.map((one) => one.text),
  spreadMs: calendar.spreadMs,
  reasons: askCalendar(calendar, from).reasons,
  periods: openPeriods(calendar, from, count).map((period) => ({
    from: momentAt(calendar.zone, period.from),
    to: momentIn(calendar.zone, period.to),
  })),
});

const askedBy = (definitions: Definitions, name: string): readonly string[] => {
  const windows = (items: readonly (Action | DeployItem)[]): boolean =>
    items.some((item) =>
      item.kind === "strategy"
        ? windows(stopActions(item.strategy))
        : item.kind === "window" && item.calendar.name === name,
    );
  return [
    ...definitions.environments
      .filter(({ takes }) => takes.calendar?.name === name)
      .map((environment) => `environment ${environment.name}`),
    ...definitions.playbooks
      .filter(({ before, deploy, after }) => [before, deploy, after].some(windows))
      .map((playbook) => `playbook ${playbook.name}`),
    ...definitions.rollouts
      .filter(({ phases }) => phases.some(({ calendar }) => calendar?.name === name))
      .map((rollout) => `rollout ${rollout.name}`),
  ];
};

/** What a canary asks between its shares. */
const stopActions = (strategy: Strategy): readonly Action[] =>
  strategy.kind === "canary" ? strategy.stops.flatMap(({ actions }) => actions) : [];

/** None before anything is defined. */
export const definitionsNow = async (parts: Pick<ApiParts, "definitions">): Promise<Definitions> =>
  (await parts.definitions.current()) ?? {
    services: [],
    environments: [],
    playbooks: [],
    calendars: [],
    checklists: [],
    groups: [],
    rollouts: [],
    databases: [],
    blobStores: [],
  };

/** Throws `unknown-calendar`. */
export const calendarNamed = (definitions: Definitions, name: string): Calendar => {
  const found = definitions.calendars.find((calendar) => calendar.name === name);
  if (found !== undefined) return found;
  throw unknown(
    "calendar",
    name,
    definitions.calendars.map((calendar) => calendar.name),
  );
};
