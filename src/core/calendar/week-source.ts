// All recurrences that are the same every week, as one source. They are most of any calendar, and
// what they make together is worked out once for a week, not a thousand times for each moment.

import { DAY_MS, MINUTE_MS, dayOfLocal, weekdayOf } from "./civil.ts";
import { timeFrom, timeUpTo } from "./clock-times.ts";
import { placeAfter } from "./ordered.ts";
import type { Source, WeekPart } from "./source.ts";
import { reachedBy, type ZoneLine } from "./zone-line.ts";

/** So that what began two weeks ago is over, whatever the clocks did meanwhile. */
export const MAX_PART_MS = 6 * DAY_MS;
/** Two windows that begin with every minute of the week. More are asked one by one. */
export const MAX_BEGINS = 20_160;
const WEEK_MS = 7 * DAY_MS;
const MINUTES_OF_DAY = 1_440;
const MINUTES_OF_WEEK = 7 * MINUTES_OF_DAY;
/** Day -3 was a Monday. */
const MONDAY_MS = -3 * DAY_MS;

/** The begins of a week in order, each with the longest of the windows that begin then. */
interface Begins {
  /** Since the week began. */
  readonly at: readonly number[];
  readonly forMs: readonly number[];
}

/** In order, none touching the next. `from` and `to` count from `base`, where the week begins. */
interface Week {
  readonly base: number;
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** At least one part, each lasting at most MAX_PART_MS, with at most MAX_BEGINS in a week. */
export const weekSource = (parts: readonly WeekPart[], line: ZoneLine): Source => {
  const begins = beginsOf(parts);
  const ordinary = mergedWeek(begins, 0, (at) => at);
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
      : mergedWeek(begins, base, (at) => line.momentOf(start + at) - base);
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
      const reached = reachedBy(line, at);
      const held = parts.filter((part) => {
        // All windows of a part last equally long: the one that began last ends last.
        const start = lastStart(part, reached);
        if (start < reached - part.forMs - DAY_MS) return false;
        return at < line.momentOf(start) + part.forMs;
      });
      return held.map(({ recurrence }) => recurrence);
    },
    week: null,
    cost: 1,
  };
};

/** A place for every minute of the week, so that nothing has to be sorted. It is all zero between
 * one use and the next. */
const longest = new Int32Array(MINUTES_OF_WEEK);

const beginsOf = (parts: readonly WeekPart[]): Begins => {
  for (const { weekdays, times, forMs } of parts) {
    for (let minute = timeFrom(times, 0); minute >= 0; minute = timeFrom(times, minute + 1)) {
      for (let weekday = 0; weekday < 7; weekday += 1) {
        const place = weekday * MINUTES_OF_DAY + minute;
        if (((weekdays >>> weekday) & 1) === 1 && (longest[place] ?? 0) < forMs) {
          longest[place] = forMs;
        }
      }
    }
  }
  const begins = { at: [] as number[], forMs: [] as number[] };
  for (let place = 0; place < MINUTES_OF_WEEK; place += 1) {
    const forMs = longest[place] ?? 0;
    if (forMs === 0) continue;
    longest[place] = 0;
    begins.at.push(place * MINUTE_MS);
    begins.forMs.push(forMs);
  }
  return begins;
};

/** The last begin of a part at or before a local time. */
const lastStart = ({ weekdays, times }: WeekPart, local: number): number => {
  let day = dayOfLocal(local);
  const isOn = (): boolean => ((weekdays >>> weekdayOf(day)) & 1) === 1;
  const today = isOn() ? timeUpTo(times, Math.floor((local - day * DAY_MS) / MINUTE_MS)) : -1;
  if (today >= 0) return day * DAY_MS + today * MINUTE_MS;
  do day -= 1;
  while (!isOn());
  return day * DAY_MS + timeUpTo(times, MINUTES_OF_DAY - 1) * MINUTE_MS;
};

/** Local times in order are moments in order, whatever the clocks do. */
const mergedWeek = (begins: Begins, base: number, fromOf: (at: number) => number): Week => {
  const week = { base, from: [] as number[], to: [] as number[] };
  let end = Number.NEGATIVE_INFINITY;
  for (const [place, at] of begins.at.entries()) {
    const from = fromOf(at);
    if (from > end) {
      week.from.push(from);
      week.to.push(from);
    }
    end = Math.max(end, from + (begins.forMs[place] ?? 0));
    week.to[week.to.length - 1] = end;
  }
  return week;
};

const endIn = ({ base, from, to }: Week, at: number): number => {
  const end = to[placeAfter(from, at - base) - 1];
  return end === undefined ? at : Math.max(at, base + end);
};

const afterIn = ({ base, from }: Week, at: number): number | null => {
  const begin = from[placeAfter(from, at - base)];
  return begin === undefined ? null : base + begin;
};
