// Arithmetic on local dates and times without a zone. A local moment is the milliseconds that UTC
// would count for the same reading of the clock; days are counted from 1970-01-01.

import type { ClockTime, LocalDate, LocalDateTime } from "./calendar.ts";

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;
/** From 1 March of the year 0 to 1970. */
const YEAR_0 = 719_468;
const DAYS_OF_400_YEARS = 146_097;
const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `month` and `day` count from 1. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const dayOfLocal = (local: number): number => Math.floor(local / DAY_MS);

/** The Gregorian date of a day, from the year 0 on. Years are taken to begin in March, so that the
 * leap day is their last one (Howard Hinnant, "chrono-compatible low-level date algorithms").
 * `| 0` drops what is behind the point, and is several times as fast as Math.floor here. */
export const civilOf = (day: number): CivilDate => {
  const shifted = day + YEAR_0;
  const era = (shifted / DAYS_OF_400_YEARS) | 0;
  const ofEra = shifted - era * DAYS_OF_400_YEARS;
  const leaps = ((ofEra / 1_460) | 0) - ((ofEra / 36_524) | 0) + ((ofEra / 146_096) | 0);
  const yearOfEra = ((ofEra - leaps) / 365) | 0;
  const ofYear = ofEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const fromMarch = ((5 * ofYear + 2) / 153) | 0;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - (((153 * fromMarch + 2) / 5) | 0) + 1,
  };
};

/** The inverse of civilOf; a day past its month's end counts on into the next. */
export const dayOf = (year: number, month: number, day: number): number => {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const fromMarch = month > 2 ? month - 3 : month + 9;
  const ofYear = Math.floor((153 * fromMarch + 2) / 5) + day - 1;
  const ofEra = yearOfEra * 365 + (yearOfEra >> 2) - Math.floor(yearOfEra / 100) + ofYear;
  return era * DAYS_OF_400_YEARS + ofEra - YEAR_0;
};

/** 0 is Monday. The day that is YEAR_0 days before 1970 was a Wednesday. */
export const weekdayOf = (day: number): number => (day + YEAR_0 + 2) % 7;

export const monthLength = (year: number, month: number): number => {
  if (month !== 2) return LENGTHS[month - 1] ?? 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
};

/** Milliseconds since midnight; `24:00` is a whole day. */
export const readClock = (text: ClockTime): number => {
  const minutes = digits(text, 0, 2) * 60 + digits(text, 3, 2);
  return known(minutes * MINUTE_MS, text);
};

export const readDate = (text: LocalDate): number =>
  known(dayOf(digits(text, 0, 4), digits(text, 5, 2), digits(text, 8, 2)), text);

export const readLocal = (text: LocalDateTime): number =>
  readDate(text) * DAY_MS + readClock(text.slice(11));

/** `2026-12-24` */
export const dateText = (day: number): LocalDate => {
  const { year, month, day: ofMonth } = civilOf(day);
  const years = year > 999 ? String(year) : String(year).padStart(4, "0");
  return `${years}-${month < 10 ? "0" : ""}${month}-${ofMonth < 10 ? "0" : ""}${ofMonth}`;
};

/** Not a number where a character is no digit. */
export const digits = (text: string, from: number, count: number): number => {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
};

/** Definitions were read long before: a wrong one here is a defect, not somebody's mistake. */
const known = (value: number, text: string): number => {
  if (Number.isNaN(value)) throw new Error(`${JSON.stringify(text)} is no date or time`);
  return value;
};
