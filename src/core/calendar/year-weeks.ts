// The weeks of a year by number (BYWEEKNO of RFC 5545, 3.3.10), decided by the date alone. Programs
// disagree about which year the days around New Year belong to: here a week belongs as a whole to
// the year that has at least four of its days, and INTERVAL counts these years.

import { civilOf, dayOf, weekdayOf } from "./civil.ts";

export interface YearWeeks {
  /** From 1 to 53; from the year's end where they are negative. */
  readonly numbers: readonly number[];
  /** 0 is Monday, as ISO 8601 has it. */
  readonly weekStart: number;
  /** Every so many years, counted from the one whose week holds the start. */
  readonly every: number;
  readonly anchor: number;
}

/** The year whose week holds a day. */
export const weekYearOf = (day: number, weekStart: number): number =>
  civilOf(middleOf(day, weekStart)).year;

export const isInWeeks = (
  { numbers, weekStart, every, anchor }: YearWeeks,
  day: number,
): boolean => {
  const middle = middleOf(day, weekStart);
  const { year } = civilOf(middle);
  if ((year - anchor) % every !== 0) return false;
  // Each year has as many weeks as middles of weeks.
  const fromStart = Math.floor((middle - dayOf(year, 1, 1)) / 7) + 1;
  const fromEnd = Math.floor((dayOf(year, 12, 31) - middle) / 7) + 1;
  return numbers.some((one) => one === fromStart || one === -fromEnd);
};

/** The fourth day of the week that holds a day: it lies in the year that the week belongs to. */
const middleOf = (day: number, weekStart: number): number =>
  day - ((weekdayOf(day) - weekStart + 7) % 7) + 3;
