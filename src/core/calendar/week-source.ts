// All recurrences that are the same every week, as one source. They are most of any calendar, and
// what they make together is worked out once for a week, not a thousand times for each moment.

import { DAY_MS, MINUTE_MS } from "./civil.ts";
import { timeFrom } from "./clock-times.ts";
import type { Source, WeekPart } from "./source.ts";
import { reachedBy, type ZoneLine } from "./zone-line.ts";

/** So that what began two weeks ago is over, whatever the clocks did meanwhile. */
export const MAX_PART_MS = 6 * DAY_MS;
/** Two windows that begin with every minute of the week. More are asked one by one. */
export const MAX_BEGINS = 20_160;
/** More than MAX_BEGINS. */
const PLACES = 2 ** 15;
const WEEK_MS = 7 * DAY_MS;
/** Day -3 was a Monday. */
const MONDAY_MS = -3 * DAY_MS;

/** One begin in the week. */
interface Begin {
  /** Since the week began. */
  readonly at: number;
  readonly part: WeekPart;
}

/** In order, none touching the next. `from` and `to` count from `base`, where the week begins. */
interface Week {
  readonly base: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** At least one part, each lasting at most MAX_PART_MS, with at most MAX_BEGINS in a week. */
export const weekSource = (parts: readonly WeekPart[], line: ZoneLine): Source => {
  const begins = inOrder(beginsOf(parts));
  const ordinary = mergedWeek(begins, 0, ({ at }) => at);
  const weeks = new Map<number, Week>();
  const weekOf = (number: number): Week => {
    const known = weeks.get(number);
    if (known !== undefined) return known;
    const start = MONDAY_MS + number * WEEK_MS;
    const base = line.momentOf(start);
    const piece = line.pieceAt(base);
    const steady = base - DAY_MS >= piece.from && base + WEEK_MS <= piece.to;
    const week = steady
      ? { ...ordinary, base }
      : mergedWeek(begins, base, ({ at }) => line.momentOf(start + at) - base);
    weeks.set(number, week);
    return week;
  };
  const numberAt = (at: number): number => Math.floor((reachedBy(line, at) - MONDAY_MS) / WEEK_MS);
  return {
    endOf: (at) => {
      const number = numberAt(at);
      return Math.max(endIn(weekOf(number), at), endIn(weekOf(number - 1), at));
    },
    after: (at, limit) => {
      const number = numberAt(at);
      const next = afterIn(weekOf(number), at) ?? afterIn(weekOf(number + 1), at);
      return next !== null && next < limit ? next : null;
    },
    heldBy: (at) => {
      const monday = MONDAY_MS + numberAt(at) * WEEK_MS;
      const reached = reachedBy(line, at);
      const held = begins.filter(({ at: ofWeek, part }) =>
        [monday + ofWeek, monday + ofWeek - WEEK_MS].some((local) => {
          if (local > reached || local < reached - part.forMs - DAY_MS) return false;
          const from = line.momentOf(local);
          return from <= at && at < from + part.forMs;
        }),
      );
      return [...new Set(held.map(({ part }) => part.recurrence))];
    },
    week: null,
    cost: 1,
  };
};

const beginsOf = (parts: readonly WeekPart[]): readonly Begin[] => {
  const begins: Begin[] = [];
  for (const part of parts) {
    for (let weekday = 0; weekday < 7; weekday += 1) {
      if (((part.weekdays >>> weekday) & 1) === 0) continue;
      for (let minute = timeFrom(part.times, 0); minute >= 0; ) {
        begins.push({ at: weekday * DAY_MS + minute * MINUTE_MS, part });
        minute = timeFrom(part.times, minute + 1);
      }
    }
  }
  return begins;
};

/** Sorted as plain numbers with the place in the list behind: objects take ten times as long. */
const inOrder = (begins: readonly Begin[]): readonly Begin[] => {
  const keys = new Float64Array(begins.length);
  for (const [place, { at }] of begins.entries()) keys[place] = at * PLACES + place;
  const ordered: Begin[] = [];
  for (const key of keys.toSorted()) {
    const begin = begins[key - Math.floor(key / PLACES) * PLACES];
    if (begin !== undefined) ordered.push(begin);
  }
  return ordered;
};

/** Local times in order are moments in order, whatever the clocks do. */
const mergedWeek = (
  begins: readonly Begin[],
  base: number,
  fromOf: (begin: Begin) => number,
): Week => {
  const week = { base, from: [] as number[], to: [] as number[] };
  let end = Number.NEGATIVE_INFINITY;
  for (const begin of begins) {
    const from = fromOf(begin);
    if (from > end) {
      week.from.push(from);
      week.to.push(from);
    }
    end = Math.max(end, from + begin.part.forMs);
    week.to[week.to.length - 1] = end;
  }
  return week;
};

const endIn = ({ base, from, to }: Week, at: number): number => {
  const end = to[countUpTo(from, at - base) - 1];
  return end === undefined ? at : Math.max(at, base + end);
};

const afterIn = ({ base, from }: Week, at: number): number | null => {
  const begin = from[countUpTo(from, at - base)];
  return begin === undefined ? null : base + begin;
};

/** How many of the ordered values are `at` or less. */
const countUpTo = (ordered: readonly number[], at: number): number => {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle] ?? at) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
};
