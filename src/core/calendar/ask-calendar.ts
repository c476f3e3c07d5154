// Is a calendar open at a moment, and until when. Whoever waits for it asks again when the answer
// changes; nobody adds up windows for themselves.

import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Calendar } from "./calendar.ts";
import { denials, notAllowed, openBecause, opensNext, unreadable } from "./calendar-reasons.ts";
import { lookDenied, lookOpen, timelineOf } from "./timeline.ts";

export interface CalendarAnswer {
  readonly open: boolean;
  /** When this answer changes, so that a closed calendar is closed for all of [at, until) and open
   * at `until`; null: not within five years. A calendar that would take too long to look through
   * gives an earlier moment, at which to ask again. */
  readonly until: Instant | null;
  readonly reasons: readonly Reason[];
}

export const askCalendar = (calendar: Calendar, at: Instant): CalendarAnswer => {
  const look = lookOpen(calendar, at);
  const { holds: open, until } = look.state;
  const timeline = look.timeline ?? timelineOf(calendar, at, 1);
  if (open) {
    const reason = openBecause(calendar, timeline.allow.holding(at), at, until);
    return { open, until, reasons: [reason] };
  }
  const denying = denials(calendar, timeline.deny.holding(at), at);
  const closed = denying.length === 0 ? [notAllowed(calendar, at)] : denying;
  const problems = [...timeline.deny.problems(), ...timeline.allow.problems()];
  return {
    open,
    until,
    reasons: [...closed, ...unreadable(calendar, problems), opensNext(calendar, at, until)],
  };
};

/** The same without its reasons, which take most of the time. */
export const openState = (calendar: Calendar, at: Instant): Omit<CalendarAnswer, "reasons"> => {
  const { holds: open, until } = lookOpen(calendar, at).state;
  return { open, until };
};

/** The periods that deny `at`, and when the last of their row ends; null: nothing denies it. */
export const deniedAt = (
  calendar: Calendar,
  at: Instant,
): { readonly until: Instant | null; readonly reasons: readonly Reason[] } | null => {
  const look = lookDenied(calendar, at);
  const { holds, until } = look.state;
  if (!holds) return null;
  const timeline = look.timeline ?? timelineOf({ ...calendar, allow: [] }, at, 1);
  const denying = denials(calendar, timeline.deny.holding(at), at);
  return { until, reasons: [...denying, ...unreadable(calendar, timeline.deny.problems())] };
};
