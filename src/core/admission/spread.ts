// A moment of its own for every run, so that what waited for the same thing does not begin at once.

import type { Calendar, Recurrence } from "../calendar/calendar.ts";
import { readClock } from "../calendar/civil.ts";
import type { DurationMs, RunId } from "../ids.ts";
import { assertNever } from "../ids.ts";
import { sha256Hex } from "../sha256.ts";

const DAY_MS = 86_400_000;

/** At least 0 and less than `spreadMs`; follows from the run's id alone, so every pass and every
 * replica comes to the same. */
export const delayWithin = (run: RunId, spreadMs: DurationMs): DurationMs => {
  const share = Number.parseInt(sha256Hex(run).slice(0, 8), 16) / 2 ** 32;
  return Math.floor(share * spreadMs);
};

/** What the calendar says, but no more than half of the shortest period that it allows: whoever
 * waits for ten minutes a week must not be told to begin in the twentieth. What is denied does not
 * change it, or a denial more could let a run begin earlier. */
export const spreadOf = ({ allow, spreadMs }: Calendar): DurationMs => {
  let least = spreadMs;
  for (const period of allow) {
    if (least === 0) break;
    least = Math.min(least, Math.floor(shortest(period) / 2));
  }
  return least;
};

const shortest = (period: Recurrence): DurationMs => {
  switch (period.kind) {
    case "weekly":
    case "cron":
    case "rrule":
      return period.forMs;
    case "once":
      return Math.max(0, period.to - period.from);
    case "interval":
      return Math.min(
        DAY_MS,
        ...period.times.map(({ from, to }) => readClock(to) - readClock(from)),
      );
    case "monthDays":
    case "days":
      return DAY_MS;
    default:
      return assertNever(period);
  }
};
