// Cron expressions of numbers, names, `*`, lists, ranges and steps, read into bits: a thousand of
// them are asked in about a millisecond. All else (L, W, #, nicknames) and every mistake is left to
// croner, and a test holds both readings together.

import { digits } from "./civil.ts";
import { dayPattern, type DayPattern } from "./day-pattern.ts";
import type { ClockTimes } from "./clock-times.ts";
import { remembered } from "./remembered.ts";

interface PlainCron {
  readonly days: DayPattern;
  readonly times: ClockTimes;
}

/** Names stand for their places; the last Sunday is for ranges that end with it: FRI-SUN is 5-7. */
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
const MONTHS = "-JAN-FEB-MAR-APR-MAY-JUN-JUL-AUG-SEP-OCT-NOV-DEC".split("-");
const MINUTE: Field = { min: 0, max: 59, size: 60, base: 0, names: [] };
const LATE_MINUTE: Field = { ...MINUTE, base: 30 };
const HOUR: Field = { min: 0, max: 23, size: 24, base: 0, names: [] };
const MONTH_DAY: Field = { min: 1, max: 31, size: 31, base: 1, names: [] };
const MONTH: Field = { min: 1, max: 12, size: 12, base: 1, names: MONTHS };
/** Sunday is 0 and 7. */
const WEEKDAY: Field = { min: 0, max: 7, size: 7, base: 0, names: WEEKDAYS };

interface Field {
  readonly min: number;
  readonly max: number;
  /** How many different values there are. */
  readonly size: number;
  /** Which value is bit 0; those below it and 31 above it are left out. */
  readonly base: number;
  readonly names: readonly string[];
}

const NOT_PLAIN = -1;

/** More than any calendar has. */
const MAX_KEPT = 2_000;

const read = (expression: string): PlainCron | null => {
  const fields = expression.split(" ");
  if (fields.length !== 5) return null;
  const [minute = "", hour = "", monthDay = "", month = "", weekday = ""] = fields;
  const times = plainTimes(minute, hour);
  if (times === null) return null;
  const monthDays = readField(monthDay, MONTH_DAY);
  const months = readField(month, MONTH);
  const weekdays = readField(weekday, WEEKDAY);
  // Bits are never negative, so this is where one is not plain.
  if ((monthDays | months | weekdays) < 0) return null;
  const anyDay = monthDay === "*";
  return {
    days: dayPattern({
      weekdays: fromMonday(weekdays),
      monthDays: anyDay ? null : [monthDays, monthDays, monthDays, monthDays],
      months: month === "*" ? null : months,
      either: !anyDay && weekday !== "*",
    }),
    times,
  };
};

/** Null: not plain, which says nothing about whether it is right. */
export const plainCron = remembered(MAX_KEPT, read);

/** The first two fields by themselves; null: not plain. */
export const plainTimes = (minute: string, hour: string): ClockTimes | null => {
  const early = readField(minute, MINUTE);
  const late = readField(minute, LATE_MINUTE);
  const hours = readField(hour, HOUR);
  return (early | late | hours) < 0 ? null : { hours, early, late };
};

/** Bits that count from Sunday, with Sunday once more as 7, to bits that count from Monday. */
const fromMonday = (bits: number): number =>
  ((bits >>> 1) & 0b011_1111) | ((bits & 1) << 6) | (((bits >>> 7) & 1) << 6);

const readField = (text: string, field: Field): number => {
  const lone = numberIn(text);
  if (lone >= field.min && lone <= field.max) return bitsIn(lone, lone, 1, field);
  if (!text.includes(",")) return readPart(text, field);
  return text.split(",").reduce((bits, part) => bits | readPart(part, field), 0);
};

const readPart = (part: string, field: Field): number => {
  const { min, max, size } = field;
  if (part === "*") return bitsIn(min, min + size - 1, 1, field);
  const slash = part.indexOf("/");
  const range = slash < 0 ? part : part.slice(0, slash);
  const step = slash < 0 ? 1 : numberIn(part.slice(slash + 1));
  // Croner refuses a step that is longer than the field, and one behind a single number.
  if (!(step >= 1 && step <= size)) return NOT_PLAIN;
  if (range === "*") return bitsIn(min, min + size - 1, step, field);
  const dash = range.indexOf("-");
  if (slash >= 0 && dash < 0) return NOT_PLAIN;
  const first = valueIn(dash < 0 ? range : range.slice(0, dash), field, "first");
  const last = dash < 0 ? first : valueIn(range.slice(dash + 1), field, "last");
  if (!(first >= min && last <= max && first <= last)) return NOT_PLAIN;
  return bitsIn(first, last, step, field);
};

const bitsIn = (first: number, last: number, step: number, { base, size }: Field): number => {
  let bits = 0;
  const end = Math.min(last, base + (size === 60 ? 29 : 30));
  for (let value = first; value <= end; value += step) {
    if (value >= base) bits |= 1 << (value - base);
  }
  return bits;
};

/** Not a number where it is none. */
const valueIn = (text: string, { names }: Field, end: "first" | "last"): number => {
  const number = numberIn(text);
  if (!Number.isNaN(number) || text.length !== 3) return number;
  const name = text.toUpperCase();
  const value = end === "first" ? names.indexOf(name) : names.lastIndexOf(name);
  return value < 0 ? Number.NaN : value;
};

/** Not a number where it is anything but one or two digits. */
const numberIn = (text: string): number =>
  text.length === 1 || text.length === 2 ? digits(text, 0, text.length) : Number.NaN;
