// Which sources are the same every week and can be asked as one (see week-source.ts).

import { DAY_MS } from "./civil.ts";
import type { Source, WeekPart } from "./source.ts";
import { MAX_BEGINS, MAX_PART_MS, weekSource } from "./week-source.ts";
import type { ZoneLine } from "./zone-line.ts";

/** The same sources for moments from `from` on. */
export const joinWeeks = (
  sources: readonly Source[],
  line: ZoneLine,
  from: number,
): readonly Source[] => {
  const parts: WeekPart[] = [];
  const others: Source[] = [];
  let begins = 0;
  for (const source of sources) {
    const { week } = source;
    const count = week === null ? 0 : beginsPerWeek(week);
    // What began before a rule's start would be seen by nobody after `from`.
    const steady =
      week !== null && week.forMs <= MAX_PART_MS && week.since < from - MAX_PART_MS - 2 * DAY_MS;
    if (steady && begins + count <= MAX_BEGINS) {
      begins += count;
      if (week.forMs > 0) parts.push(week);
    } else {
      others.push(source);
    }
  }
  return parts.length === 0 ? others : [weekSource(parts, line), ...others];
};

const beginsPerWeek = ({ weekdays, times }: WeekPart): number =>
  bitCount(weekdays) * bitCount(times.hours) * (bitCount(times.early) + bitCount(times.late));

const bitCount = (bits: number): number => {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
};
