// The calendar is open. Runs that waited for that begin after the opening, each at a moment of its
// own. An emergency passes it, as long as it lasts.

import { askCalendar, openState } from "../calendar/ask-calendar.ts";
import type { Calendar } from "../calendar/calendar.ts";
import { instant, later } from "../ids.ts";
import type { DurationMs, Instant } from "../ids.ts";
import { reason } from "../steps/step-result.ts";
import { passes } from "./no-freeze.ts";
import { emergencyLasts } from "./request.ts";
import type { AdmissionRequest } from "./request.ts";
import type { RuleResult } from "./rule.ts";
import { delayWithin, spreadOf } from "./spread.ts";

/** Openings that are looked at for one that is long enough for the run's own delay. */
const MOST_OPENINGS = 100;

type Given = Pick<AdmissionRequest, "run" | "since">;

export const judgeWindow = (
  id: string,
  calendar: Calendar,
  given: Given,
  now: Instant,
): RuleResult => {
  const { origin } = given.run;
  const result = windowAt(id, calendar, given, now);
  if (origin.emergency === null || !emergencyLasts(given.run, now)) return result;
  const then = windowAt(id, calendar, given, origin.emergency.until);
  const reasons = result.kind === "allow" ? result.reasons : [passes(origin.by), ...result.reasons];
  const until = then.kind === "allow" ? then.until : origin.emergency.until;
  return { rule: id, kind: "allow", until, reasons };
};

const windowAt = (id: string, calendar: Calendar, given: Given, at: Instant): RuleResult => {
  const spreadMs = spreadOf(calendar);
  const delayMs = delayWithin(given.run.id, spreadMs);
  const opened = openedBefore(calendar, given.since, at, spreadMs);
  const { open, reasons, until } = askCalendar(calendar, at);
  if (!open) {
    return { rule: id, kind: "wait", until: nextStart(calendar, until, delayMs), reasons };
  }
  const start = opened === null ? at : later(opened, delayMs);
  if (start <= at) return { rule: id, kind: "allow", until, reasons };
  const text = `${calendar.name} has opened; this run begins a little later than others`;
  const waits = [reason("window-spread", text, { opened, start }), ...reasons];
  const inTime = until === null || start < until;
  const next = inTime ? start : nextStart(calendar, openState(calendar, until).until, delayMs);
  return { rule: id, kind: "wait", until: next, reasons: waits };
};

/** When it opened while the run waited, not longer ago than it could matter; null: it was open
 * before, or is not open. */
const openedBefore = (
  calendar: Calendar,
  since: Instant,
  at: Instant,
  spreadMs: DurationMs,
): Instant | null => {
  let from = instant(Math.min(at, Math.max(since, at - spreadMs)));
  let answer = openState(calendar, from);
  let opened: Instant | null = null;
  while (answer.until !== null && answer.until <= at) {
    if (answer.until <= from) throw new Error(`calendar ${calendar.name} stands still at ${from}`);
    const wasOpen = answer.open;
    from = answer.until;
    answer = openState(calendar, from);
    if (!answer.open) opened = null;
    else if (!wasOpen) opened = from;
  }
  return opened;
};

/** The first moment at which a run with this delay may begin, from an opening on. Where the
 * calendar only knows when to ask it again, that moment. */
const nextStart = (
  calendar: Calendar,
  opens: Instant | null,
  delayMs: DurationMs,
): Instant | null => {
  let opening = opens;
  for (let tries = 0; tries < MOST_OPENINGS && opening !== null; tries += 1) {
    const answer = openState(calendar, opening);
    const start = later(opening, delayMs);
    if (!answer.open) return opening;
    if (answer.until === null || start < answer.until) return start;
    opening = openState(calendar, answer.until).until;
  }
  return null;
};
