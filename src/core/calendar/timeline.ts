// A calendar from a moment on: whether it is open then, and when that changes. The one place where
// "deny wins" is decided.

import { instant, type Instant } from "../ids.ts";
import type { Calendar } from "./calendar.ts";
import { DAY_MS } from "./civil.ts";
import { coverageOf, type Budget, type Coverage } from "./coverage.ts";
import { zoneLine } from "./zone-line.ts";

/** Not pure: what it looks at is counted over all questions. */
export interface Timeline {
  readonly allow: Coverage;
  readonly deny: Coverage;
  /** Nobody looks further than here. */
  readonly horizon: number;
  readonly budget: Budget;
}

/** Whether something holds at a moment: that the calendar is open, or that it denies. */
export interface State {
  readonly holds: boolean;
  /** When that changes, or a moment before it where the budget is used up; null: not before the
   * horizon. Always later than the moment that was asked about. */
  readonly until: Instant | null;
}

/** Five years and the leap days in them. */
export const HORIZON_MS = 1_827 * DAY_MS;

/** To be asked about a number of moments at or after `from`. */
export const timelineOf = (calendar: Calendar, from: Instant, answers: number): Timeline => {
  const line = zoneLine(calendar.zone);
  const budget = { left: 0 };
  const horizon = from + HORIZON_MS;
  const asked = { from, horizon, answers };
  const allow = coverageOf(calendar.allow, line, { ...asked, unreadable: "never" }, budget);
  const deny = coverageOf(calendar.deny, line, { ...asked, unreadable: "always" }, budget);
  return { allow, deny, horizon, budget };
};

/** Is it open; `at` is not before the timeline begins. */
export const openAt = (timeline: Timeline, at: Instant): State => {
  const opens = opensFrom(timeline, at);
  return opens === at
    ? { holds: true, until: known(timeline, closesAfter(timeline, at)) }
    : { holds: false, until: known(timeline, opens) };
};

/** Does something deny it, whatever allows it. */
export const denialAt = (timeline: Timeline, at: Instant): State => {
  const { deny, horizon } = timeline;
  const free = deny.until(at, horizon);
  return free > at
    ? { holds: true, until: known(timeline, free) }
    : { holds: false, until: known(timeline, deny.after(at, horizon)) };
};

const known = (timeline: Timeline, at: number): Instant | null =>
  at < timeline.horizon ? instant(at) : null;

/** The first moment at or after `at` that something allows and nothing denies. */
const opensFrom = ({ allow, deny, horizon, budget }: Timeline, at: number): number => {
  let time = at;
  while (time < horizon) {
    const free = deny.until(time, horizon);
    if (free > time) time = free;
    else if (allow.size === 0 || allow.holds(time)) break;
    else time = allow.after(time, horizon);
    if (budget.left <= 0) break;
  }
  return time;
};

/** Something allows `at` and nothing denies it. */
const closesAfter = ({ allow, deny, horizon }: Timeline, at: number): number => {
  const denied = deny.after(at, horizon);
  return allow.size === 0 ? denied : allow.until(at, denied);
};
