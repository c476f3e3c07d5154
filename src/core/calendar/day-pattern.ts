// Which days a recurrence falls on, decided by the date alone: weekdays, days of the month, months,
// years, and every so many of them. Kept as bits, since a calendar may have a thousand of them.

import type { NumberRange } from "./calendar.ts";
import { highestBit, lowestBit } from "./bits.ts";
import { civilOf, monthLength, weekdayOf } from "./civil.ts";
import { isInWeeks, type YearWeeks } from "./year-weeks.ts";

export interface DayPattern {
  /** Bit 0 is Monday. */
  readonly weekdays: number;
  readonly monthDays: MonthDays;
  /** Bit 0 is January. */
  readonly months: number;
  /** None: every year. */
  readonly years: readonly NumberRange[];
  /** Cron's rule: the day of the week or the day of the month is enough. */
  readonly either: boolean;
  /** The second Tuesday, the last Friday: these count besides `weekdays`. */
  readonly nth: readonly NthWeekday[];
  readonly phase: Phase | null;
  /** Null: every week. */
  readonly weeks: YearWeeks | null;
  /** False: the weekday alone decides. */
  readonly byDate: boolean;
}

/** Bit 0 is the first, for months of 28, 29, 30 and 31 days. */
export type MonthDays = readonly [number, number, number, number];

export interface NthWeekday {
  /** 0 is Monday. */
  readonly weekday: number;
  /** 1 is the month's first, -1 its last. */
  readonly nth: number;
}

/** Every `every`th of a unit, counted from the one that holds `anchor` (see countOf). */
export interface Phase {
  readonly unit: "day" | "week" | "month" | "year";
  readonly every: number;
  readonly anchor: number;
  /** 0 is Monday. */
  readonly weekStart: number;
}

const ANY_MONTH_DAY: MonthDays = [-1, -1, -1, -1];

const ANY_MONTH = 0b1111_1111_1111;

/** Null, and what is not said, lets every day through. */
export const dayPattern = (said: {
  readonly [Name in keyof Omit<DayPattern, "byDate">]?: DayPattern[Name] | null;
}): DayPattern => {
  const weekdays = said.weekdays ?? 0b111_1111;
  const monthDays = said.monthDays ?? ANY_MONTH_DAY;
  const months = said.months ?? ANY_MONTH;
  const years = said.years ?? [];
  const either = said.either ?? false;
  const nth = said.nth ?? [];
  const phase = said.phase ?? null;
  const weeks = said.weeks ?? null;
  const byDate =
    monthDays !== ANY_MONTH_DAY ||
    months !== ANY_MONTH ||
    years.length > 0 ||
    nth.length > 0 ||
    phase !== null ||
    weeks !== null;
  return { weekdays, monthDays, months, years, either, nth, phase, weeks, byDate };
};

export const bitsOf = (values: readonly number[]): number =>
  values.reduce((bits, value) => bits | (1 << value), 0);

/** Days of the month that count from the end where they are negative. */
export const monthDaysOf = (ranges: readonly NumberRange[]): MonthDays => {
  const bitsIn = (length: number): number => {
    const fromStart = (value: number): number => (value < 0 ? length + 1 + value : value);
    return ranges.reduce((bits, range) => {
      const first = Math.max(1, fromStart(range.first));
      const last = Math.min(length, fromStart(range.last));
      return first > last ? bits : bits | (~(-2 << (last - 1)) & (-1 << (first - 1)));
    }, 0);
  };
  const longest = bitsIn(31);
  // Days that a shorter month has not are never asked about.
  if (ranges.every(({ first, last }) => first > 0 && last > 0)) {
    return [longest, longest, longest, longest];
  }
  return [bitsIn(28), bitsIn(29), bitsIn(30), longest];
};

/** Values from 1 to `size` as bits from 0; a range that ends before it begins goes round. */
export const cyclicBits = (ranges: readonly NumberRange[], size: number): number =>
  ranges.reduce((bits, { first, last }) => {
    const upTo = ~(-1 << Math.min(last, size));
    const from = -1 << (first - 1);
    return bits | (first <= last ? upTo & from : (upTo | from) & ~(-1 << size));
  }, 0);

export const fallsOn = (pattern: DayPattern, day: number): boolean => {
  const byWeekday = ((pattern.weekdays >>> weekdayOf(day)) & 1) === 1;
  if (!pattern.byDate) return byWeekday;
  if (!byWeekday && !pattern.either && pattern.nth.length === 0) return false;
  return dayFrom(pattern, day, day) === day;
};

/** The first such day from `day` to `last`; null: none of them. */
export const dayFrom = (pattern: DayPattern, day: number, last: number): number | null => {
  if (!pattern.byDate) return weekdayFrom(pattern, day, Math.min(last, day + 6), 1);
  let { year, month, day: ofMonth } = civilOf(day);
  let before = day - ofMonth;
  while (before + ofMonth <= last) {
    const length = monthLength(year, month);
    if (inMonth(pattern, year, month)) {
      // Of a month only the days that may be.
      for (let bits = daysIn(pattern, length) & (-1 << (ofMonth - 1)); bits !== 0;) {
        const next = lowestBit(bits) + 1;
        if (before + next > last) return null;
        if (isOn(pattern, before + next, next, length)) return before + next;
        bits &= bits - 1;
      }
    }
    before += length;
    ofMonth = 1;
    month += 1;
    if (month === 13) {
      month = 1;
      year += 1;
    }
  }
  return null;
};

/** The last such day from `first` to `day`; null: none of them. */
export const dayUpTo = (pattern: DayPattern, day: number, first: number): number | null => {
  if (!pattern.byDate) return weekdayFrom(pattern, day, Math.max(first, day - 6), -1);
  let { year, month, day: ofMonth } = civilOf(day);
  let before = day - ofMonth;
  while (before + ofMonth >= first) {
    const length = monthLength(year, month);
    if (inMonth(pattern, year, month)) {
      for (let bits = daysIn(pattern, length) & ~(-2 << (ofMonth - 1)); bits !== 0;) {
        const next = highestBit(bits) + 1;
        if (before + next < first) return null;
        if (isOn(pattern, before + next, next, length)) return before + next;
        bits &= ~(1 << (next - 1));
      }
    }
    month -= 1;
    if (month === 0) {
      month = 12;
      year -= 1;
    }
    ofMonth = monthLength(year, month);
    before -= ofMonth;
  }
  return null;
};

/** The days of a month of so many that isOn may let through, as bits. */
const daysIn = ({ monthDays, either }: DayPattern, length: number): number => {
  const all = ~(-2 << (length - 1));
  return either ? all : (monthDays[length - 28] ?? 0) & all;
};

/** No week without it, or no week at all. */
const weekdayFrom = (
  { weekdays }: DayPattern,
  day: number,
  last: number,
  step: 1 | -1,
): number | null => {
  for (let at = day; step > 0 ? at <= last : at >= last; at += step) {
    if (((weekdays >>> weekdayOf(at)) & 1) === 1) return at;
  }
  return null;
};

const inMonth = ({ months, years, phase }: DayPattern, year: number, month: number): boolean => {
  if (((months >>> (month - 1)) & 1) === 0) return false;
  if (years.length > 0 && !years.some((range) => range.first <= year && year <= range.last)) {
    return false;
  }
  if (phase === null || phase.unit === "day" || phase.unit === "week") return true;
  const count = phase.unit === "year" ? year : year * 12 + month;
  return (count - phase.anchor) % phase.every === 0;
};

const isOn = (pattern: DayPattern, day: number, ofMonth: number, length: number): boolean => {
  const { monthDays, weekdays, either, nth, phase, weeks } = pattern;
  const weekday = weekdayOf(day);
  const byMonth = (((monthDays[length - 28] ?? 0) >>> (ofMonth - 1)) & 1) === 1;
  const byWeek =
    ((weekdays >>> weekday) & 1) === 1 || nth.some((one) => isNth(one, weekday, ofMonth, length));
  if (either ? !(byMonth || byWeek) : !(byMonth && byWeek)) return false;
  if (weeks !== null && !isInWeeks(weeks, day)) return false;
  if (phase === null || phase.unit === "month" || phase.unit === "year") return true;
  return (countOf(phase, day) - phase.anchor) % phase.every === 0;
};

const isNth = (one: NthWeekday, weekday: number, ofMonth: number, length: number): boolean => {
  if (one.weekday !== weekday) return false;
  return one.nth > 0
    ? Math.ceil(ofMonth / 7) === one.nth
    : Math.ceil((length + 1 - ofMonth) / 7) === -one.nth;
};

/** The number of the unit that holds a day; `anchor` is one of these. */
export const countOf = (phase: Pick<Phase, "unit" | "weekStart">, day: number): number => {
  if (phase.unit === "day") return day;
  // Day -3 was a Monday.
  if (phase.unit === "week") return Math.floor((day + 3 - phase.weekStart) / 7);
  const { year, month } = civilOf(day);
  return phase.unit === "year" ? year : year * 12 + month;
};
