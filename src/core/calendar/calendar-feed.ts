// A calendar as iCalendar text (RFC 5545) for people's own calendars: when it is open, and when it
// denies. Which events there are and how they are told apart on the next fetch is decided here.

import { instant, later, type Instant } from "../ids.ts";
import { sha256Hex } from "../sha256.ts";
import { askCalendar, deniedAt } from "./ask-calendar.ts";
import type { Calendar } from "./calendar.ts";
import { DAY_MS } from "./civil.ts";
import { contentLine, escapedText, utcText } from "./content-lines.ts";
import { deniedPeriods, openPeriods, type Period } from "./open-periods.ts";
import { HORIZON_MS } from "./compiled.ts";

/** An event that is under way shall not seem to begin anew with each fetch. */
const LOOK_BACK_MS = 7 * DAY_MS;
const MAX_EVENTS = 1_000;

/** The open and the denied periods that end after `from`, at most `count` of each. `from` is also
 * the time stamp. Times are in UTC. What has no end within five years of `from` ends with them:
 * nothing is known of the time behind. */
export const calendarFeed = (calendar: Calendar, from: Instant, count: number): string => {
  const open = withBegin(calendar, from, count, openPeriods);
  const denied = withBegin(calendar, from, count, deniedPeriods);
  return [
    contentLine("BEGIN", "VCALENDAR"),
    contentLine("VERSION", "2.0"),
    contentLine("PRODID", "-//Sluice//Calendar//EN"),
    contentLine("CALSCALE", "GREGORIAN"),
    contentLine("METHOD", "PUBLISH"),
    contentLine("X-WR-CALNAME", escapedText(calendar.name)),
    ...open.map((period) => event(calendar, "open", period, from)),
    ...denied.map((period) => event(calendar, "denied", period, from)),
    contentLine("END", "VCALENDAR"),
  ].join("");
};

const withBegin = (
  calendar: Calendar,
  from: Instant,
  count: number,
  list: typeof openPeriods,
): readonly Period[] => {
  const [first, ...rest] = list(calendar, from, Math.min(count, MAX_EVENTS));
  if (first === undefined || first.from !== from)
    return first === undefined ? [] : [first, ...rest];
  const past = list(calendar, instant(from - LOOK_BACK_MS), MAX_EVENTS);
  const whole = past.find((one) => one.from <= from && (one.to === null || from < one.to));
  return [{ ...first, from: whole?.from ?? from }, ...rest];
};

const event = (
  calendar: Calendar,
  kind: "open" | "denied",
  period: Period,
  stamp: Instant,
): string => {
  const reasons =
    kind === "open"
      ? askCalendar(calendar, period.from).reasons
      : (deniedAt(calendar, period.from)?.reasons ?? []);
  const end = period.to ?? later(stamp, HORIZON_MS);
  return [
    contentLine("BEGIN", "VEVENT"),
    contentLine("UID", uidOf(calendar, kind, period)),
    contentLine("DTSTAMP", utcText(stamp)),
    contentLine("DTSTART", utcText(period.from)),
    contentLine("DTEND", utcText(end)),
    contentLine("SUMMARY", escapedText(`${calendar.name}: ${kind}`)),
    contentLine("DESCRIPTION", escapedText(reasons.map(({ text }) => text).join("\n"))),
    contentLine("TRANSP", kind === "open" ? "TRANSPARENT" : "OPAQUE"),
    contentLine("END", "VEVENT"),
  ].join("");
};

/** By the end, since the begin of what has long been under way is not looked for. */
const uidOf = (calendar: Calendar, kind: string, { to }: Period): string => {
  const digest = sha256Hex(`${calendar.name}\n${calendar.zone}`).slice(0, 16);
  return `${kind}-${to === null ? "endless" : utcText(to)}-${digest}@sluice`;
};
