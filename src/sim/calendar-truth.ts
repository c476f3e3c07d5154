// Whether a calendar of the simulator is open, worked out by plain arithmetic: it has only the two
// kinds of periods that gates.ts makes, and all its zones are whole tens of minutes from UTC.

import type { Calendar, Recurrence } from "../core/calendar/calendar.ts";
import type { Instant } from "../core/ids.ts";
import { instant } from "../core/ids.ts";

const EVERY_MS = 600_000;

/** Since when the period lasts; null: it does not hold. */
const since = (period: Recurrence, at: Instant): Instant | null => {
  if (period.kind === "once") return period.from <= at && at < period.to ? period.from : null;
  if (period.kind !== "cron") throw new Error(`no simulated calendar has a ${period.kind} period`);
  const minute = Number.parseInt(period.expression, 10);
  const into = (((at - minute * 60_000) % EVERY_MS) + EVERY_MS) % EVERY_MS;
  return into < period.forMs ? instant(at - into) : null;
};

/** The name of what denies it. */
export const deniedBy = ({ deny }: Calendar, at: Instant): string | null =>
  deny.find((period) => since(period, at) !== null)?.text ?? null;

/** Since when it has been open, as far as one look back can tell; null: it is closed. */
export const openSince = (calendar: Calendar, at: Instant): Instant | null => {
  if (deniedBy(calendar, at) !== null) return null;
  const { allow, deny } = calendar;
  const begins = allow.map((period) => since(period, at)).filter((one) => one !== null);
  if (allow.length > 0 && begins.length === 0) return null;
  const ends = deny.flatMap((one) => (one.kind === "once" && one.to <= at ? [one.to] : []));
  return instant(Math.max(0, ...begins, ...ends));
};
