// Which recurrences are the same every week and can be asked as one (see week-source.ts).

import type { Recurrence } from "./calendar.ts";
import { DAY_MS, readClock } from "./civil.ts";
import { oneTime } from "./clock-times.ts";
import { plainCron } from "./plain-cron.ts";
import type { Source, WeekPart } from "./source.ts";
import { MAX_BEGINS, MAX_PART_MS, weekSource } from "./week-source.ts";
import type { ZoneLine } from "./zone-line.ts";

/** Not pure: it gathers. */
export interface Weeks {
  /** False: it has to be asked by itself. */
  readonly take: (part: WeekPart | null) => boolean;
  /** All that was taken, as one source; none where nothing was. */
  readonly joined: (line: ZoneLine) => readonly Source[];
}

/** For moments from `from` on. */
export const weeksFrom = (from: number): Weeks => {
  const parts: WeekPart[] = [];
  let begins = 0;
  return {
    take: (part) => {
      if (part === null || !Number.isInteger(part.forMs) || part.forMs > MAX_PART_MS) return false;
      // What began before a rule's start would be seen by nobody after `from`.
      if (part.since >= from - MAX_PART_MS - 2 * DAY_MS) return false;
      const count = beginsPerWeek(part);
      if (begins + count > MAX_BEGINS) return false;
      begins += count;
      if (count > 0 && part.forMs > 0) parts.push(part);
      return true;
    },
    joined: (line) => (parts.length === 0 ? [] : [weekSource(parts, line)]),
  };
};

/** Where that is seen at a glance; most of a calendar never becomes a source of its own. */
export const weekPartOf = (recurrence: Recurrence): WeekPart | null => {
  const since = Number.NEGATIVE_INFINITY;
  if (recurrence.kind === "weekly") {
    const { forMs } = recurrence;
    let weekdays = 0;
    for (const day of recurrence.days) weekdays |= 1 << (day - 1);
    const times = oneTime(readClock(recurrence.from) / 60_000);
    return { weekdays, times, since, recurrence, forMs };
  }
  if (recurrence.kind !== "cron" || !recurrence.expression.includes(" * * ")) return null;
  const plain = plainCron(recurrence.expression);
  if (plain === null || plain.days.byDate) return null;
  const { weekdays } = plain.days;
  return { weekdays, times: plain.times, since, recurrence, forMs: recurrence.forMs };
};

const beginsPerWeek = ({ weekdays, times }: WeekPart): number =>
  bitCount(weekdays) * bitCount(times.hours) * (bitCount(times.early) + bitCount(times.late));

const bitCount = (bits: number): number => {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
};
