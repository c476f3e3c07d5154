// The next times at which a calendar is open, or denies, for people to see beforehand.

import type { Instant } from "../ids.ts";
import type { Calendar } from "./calendar.ts";
import type { State } from "./known-states.ts";
import { denialAt, openAt, timelineOf, type Timeline } from "./timeline.ts";

export interface Period {
  readonly from: Instant;
  /** Exclusive; null: not within five years of where the list begins. */
  readonly to: Instant | null;
}

/** Longer lists are for machines, which ask askCalendar. */
const MAX_PERIODS = 1_000;

/** At most `count`, the earliest first. One that is under way begins with `from`. Fewer where five
 * years hold no more, or where it would take too long to look through; then the last one may go on
 * for longer than it says. */
export const openPeriods = (calendar: Calendar, from: Instant, count: number): readonly Period[] =>
  periods(calendar, from, count, openAt);

/** The same of the times that are denied, whatever allows them. */
export const deniedPeriods = (
  calendar: Calendar,
  from: Instant,
  count: number,
): readonly Period[] => periods(calendar, from, count, denialAt);

const periods = (
  calendar: Calendar,
  from: Instant,
  count: number,
  ask: (timeline: Timeline, at: Instant) => State,
): readonly Period[] => {
  const wanted = Math.min(count, MAX_PERIODS);
  const timeline = timelineOf(calendar, from, 2 * wanted);
  const found: Period[] = [];
  let at: Instant | null = from;
  while (at !== null && found.length < wanted && timeline.budget.left > 0) {
    const { holds, until }: State = ask(timeline, at);
    if (holds) found.push({ from: at, to: until });
    at = until;
  }
  return found;
};
