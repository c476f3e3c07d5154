// Calendars that are asked together and never let anything begin: one whose denials cover all that
// it allows, or several that are never open at the same moment. Nobody would come back to them by
// waiting, so they are told by name, with the periods that exclude one another.

import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Calendar } from "./calendar.ts";
import { HORIZON_MS } from "./compiled.ts";
import { openPeriods } from "./open-periods.ts";
import { openAt, timelineOf, type Timeline } from "./timeline.ts";

/** Told of one by ask-calendar.ts, and of several here. */
export const NEVER_CODES: readonly string[] = ["calendar-never-opens", "calendars-never-together"];

/** Enough for changes every hour of five years; who has more is not followed to the end. */
const MOST_CHANGES = 50_000;
/** More than a person reads. */
const MAX_NAMED = 3;
/** Of what is allowed, so many are held against what denies. */
const LOOKED_AT = 50;

/** Null: there is a moment from `from` on at which all are open, or nobody can tell within reason.
 * A calendar that never opens by itself says so in its own answer. */
export const neverTogether = (calendars: readonly Calendar[], from: Instant): Reason | null => {
  const all = [...new Map(calendars.map((one) => [one.name, one])).values()];
  if (all.length < 2 || !excluded(all, from)) return null;
  if (all.some((one) => excluded([one], from))) return null;
  const named = (pairOf(all, from) ?? all).map((one) => `${one.name}${allowedText(one)}`);
  const text = `never open together within the next five years: ${named.join(" and ")}`;
  const numbers = { calendars: all.map(({ name }) => name).join(", ") };
  return { code: "calendars-never-together", text, numbers };
};

/** Why a calendar does not open within five years: `what it allows (Saturday 10:00 to 12:00) is
 * denied each time (weekends)`. For one of which that is known. */
export const coveredText = (calendar: Calendar, from: Instant): string => {
  const denied = new Set<string>();
  const { deny } = timelineOf(calendar, from, LOOKED_AT);
  const allowed = openPeriods({ ...calendar, deny: [] }, from, LOOKED_AT);
  for (const { from: begin, to } of allowed) {
    for (const at of [begin, (to ?? begin + 1) - 1]) {
      for (const one of deny.holding(at)) denied.add(one.text);
    }
  }
  if (allowed.length === 0) return "nothing that it allows is still to come";
  const what = calendar.allow.length === 0 ? "it" : `what it allows${allowedText(calendar)}`;
  return `${what} is denied each time (${namesOf([...denied])})`;
};

/** Whether it is certain that they are not all open at any moment within five years. */
const excluded = (calendars: readonly Calendar[], from: Instant): boolean => {
  const timelines = calendars.map((one) => timelineOf(one, from, 1));
  const end = from + HORIZON_MS;
  let at: Instant = from;
  for (let changes = 0; changes < MOST_CHANGES; changes += 1) {
    const opens = openAgain(timelines, at);
    if (timelines.some(({ budget }) => budget.left <= 0) || opens === at) return false;
    if (opens === null || opens >= end) return true;
    at = opens;
  }
  return false;
};

/** `at` where all are open then; else when the first that is not may be; null: it will not be. */
const openAgain = (timelines: readonly Timeline[], at: Instant): Instant | null => {
  for (const timeline of timelines) {
    const { holds, until } = openAt(timeline, at);
    if (!holds) return until;
  }
  return at;
};

const pairOf = (all: readonly Calendar[], from: Instant): readonly Calendar[] | null => {
  if (all.length === 2) return all;
  for (const [place, one] of all.entries()) {
    const other = all.slice(place + 1).find((two) => excluded([one, two], from));
    if (other !== undefined) return [one, other];
  }
  return null;
};

/** ` (Tuesday 10:00 to 12:00)` */
const allowedText = ({ allow, deny }: Calendar): string => {
  if (allow.length > 0) return ` (${namesOf(allow.map(({ text }) => text))})`;
  return ` (always but ${namesOf(deny.map(({ text }) => text))})`;
};

const namesOf = (texts: readonly string[]): string => {
  const more = texts.length - MAX_NAMED;
  const named = texts.slice(0, MAX_NAMED).map((one) => one.slice(0, 100));
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(", ");
};
