// Whether a calendar of the simulator is open, worked out by plain arithmetic: it has only the
// periods that gates.ts makes, and all its zones are whole tens of minutes from UTC, always.

import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import type { Instant } from "../core/ids.ts";
import { instant } from "../core/ids.ts";

const MINUTE_MS = 60_000;
const EVERY_MS = 10 * MINUTE_MS;
const DAY_MS = 144 * EVERY_MS;
const AHEAD_MS: Readonly<Record<string, number>> = {
  UTC: 0,
  "-05:00": -300 * MINUTE_MS,
  "Asia/Kolkata": 330 * MINUTE_MS,
};

/** Whether all of them are open in any minute of the next day: everything repeats within one. */
export const openTogether = (calendars: readonly Calendar[], at: Instant): boolean => {
  for (let then = at - (at % MINUTE_MS); then < at + DAY_MS; then += MINUTE_MS) {
    if (calendars.every((calendar) => openSince(calendar, instant(then)) !== null)) return true;
  }
  return false;
};

interface Lasting {
  readonly from: number;
  readonly to: number;
}

/** The last time that it began by then; null: never yet. */
const last = (period: Recurrence, zone: string, at: Instant): Lasting | null => {
  switch (period.kind) {
    case "once":
      return period.from <= at ? period : null;
    case "cron":
      return repeated(minutesOf(period.expression), EVERY_MS, period.forMs, at);
    case "rrule":
      return repeated(
        minutesOf(period.rule.replace(/.*BYMINUTE=/u, "")),
        EVERY_MS,
        period.forMs,
        at,
      );
    case "interval": {
      const [{ from, to } = { from: "", to: "" }] = period.times;
      return repeated(clockMs(from), EVERY_MS, clockMs(to) - clockMs(from), at);
    }
    case "weekly":
      return repeated(clockMs(period.from) - (AHEAD_MS[zone] ?? 0), DAY_MS, period.forMs, at);
    // The days around the simulation.
    case "monthDays":
    case "days":
      return { from: 0, to: Number.POSITIVE_INFINITY };
  }
};

const minutesOf = (text: string): number => Number.parseInt(text, 10) * MINUTE_MS;

const clockMs = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
};

const repeated = (first: number, everyMs: number, forMs: number, at: Instant): Lasting => {
  const from = at - ((((at - first) % everyMs) + everyMs) % everyMs);
  return { from, to: from + forMs };
};

const holds = (period: Recurrence, zone: string, at: Instant): Lasting | null => {
  const found = last(period, zone, at);
  return found !== null && at < found.to ? found : null;
};

/** The name of what denies it. */
export const deniedBy = ({ deny, zone }: Calendar, at: Instant): string | null =>
  deny.find((period) => holds(period, zone, at) !== null)?.text ?? null;

/** Since when it has been open, as far as one look back can tell; null: it is closed. */
export const openSince = (calendar: Calendar, at: Instant): Instant | null => {
  if (deniedBy(calendar, at) !== null) return null;
  const { allow, deny, zone } = calendar;
  const begins = allow.flatMap((period) => holds(period, zone, at)?.from ?? []);
  if (allow.length > 0 && begins.length === 0) return null;
  const ends = deny.flatMap((period) => last(period, zone, at)?.to ?? []);
  return instant(Math.max(0, ...begins, ...ends));
};
