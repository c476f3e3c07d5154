// The parts of an RFC 5545 recurrence rule (3.3.10), each checked by itself, since the library
// passes over what it does not know. What they mean together is plain-rule.ts's business.

import { DAY_MS, MINUTE_MS, civilOf, dayOf, digits } from "./civil.ts";
import { remembered } from "./remembered.ts";
import { reachedBy, type ZoneLine } from "./zone-line.ts";

export interface RuleParts {
  readonly freq: Frequency;
  /** 1 where it is not written. */
  readonly interval: number;
  readonly count: number | null;
  readonly until: string | null;
  /** As written: `1TU,FR`. */
  readonly byDay: string | null;
  /** Where they are not written, these have no values. */
  readonly byMonthDay: readonly number[];
  readonly byMonth: readonly number[];
  readonly byWeekNo: readonly number[];
  readonly byHour: readonly number[];
  readonly byMinute: readonly number[];
  /** 0 is Monday. */
  readonly weekStart: number;
  /** BYSETPOS, BYYEARDAY, BYSECOND: there are some. */
  readonly more: boolean;
}

/** What begins more often than every hour is for cron. */
export type Frequency = "HOURLY" | "DAILY" | "WEEKLY" | "MONTHLY" | "YEARLY";

const FREQUENCIES: readonly string[] = ["HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"];
export const RULE_WEEKDAYS: readonly string[] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const MAX_LENGTH = 500;
const MAX_INTERVAL = 1_000;
/** Counted one by one; what goes on for longer says until when. */
const MAX_COUNT = 1_000;
/** Rules that are kept: more than any calendar has. */
const MAX_KEPT = 2_000;
const NO_NUMBERS: readonly number[] = [];

type Writable = { -readonly [Name in keyof RuleParts]: RuleParts[Name] };

/** Null: not of the form `NAME=VALUE;NAME=VALUE`, a name that is not known or comes twice, a value
 *it cannot have, or BYWEEKNO where it is not clear what it means. */
export const readParts = (rule: string): RuleParts | null =>
  rule.length > MAX_LENGTH ? null : knownParts(rule);

const read = (rule: string): RuleParts | null => {
  const parts: Writable = {
    freq: "DAILY",
    interval: 1,
    count: null,
    until: null,
    byDay: null,
    byMonthDay: NO_NUMBERS,
    byMonth: NO_NUMBERS,
    byWeekNo: NO_NUMBERS,
    byHour: NO_NUMBERS,
    byMinute: NO_NUMBERS,
    weekStart: 0,
    more: false,
  };
  const seen: string[] = [];
  for (let at = 0; at <= rule.length;) {
    const sign = rule.indexOf("=", at);
    const semicolon = rule.indexOf(";", at);
    const end = semicolon < 0 ? rule.length : semicolon;
    if (sign <= at || sign > end) return null;
    const name = rule.slice(at, sign);
    if (seen.includes(name) || !takePart(parts, name, rule.slice(sign + 1, end))) return null;
    seen.push(name);
    at = end + 1;
  }
  return seen.includes("FREQ") && areWeeksClear(parts) ? parts : null;
};

const knownParts = remembered(MAX_KEPT, read);

/** Weeks of the year want their days named, since some programs take all seven and others the
 * start's, and beside nothing else that chooses days: of both each program says something else. */
const areWeeksClear = ({ byWeekNo, freq, byDay, byMonth, byMonthDay, more }: RuleParts): boolean =>
  byWeekNo.length === 0 ||
  (freq === "YEARLY" &&
    byDay !== null &&
    !/\d/u.test(byDay) &&
    byMonth.length === 0 &&
    byMonthDay.length === 0 &&
    !more);

/** False: it cannot be so. */
const takePart = (parts: Writable, name: string, value: string): boolean => {
  switch (name) {
    case "FREQ":
      parts.freq = value as Frequency;
      return FREQUENCIES.includes(value);
    case "INTERVAL":
      parts.interval = numberOf(value);
      return parts.interval >= 1 && parts.interval <= MAX_INTERVAL;
    case "COUNT":
      parts.count = numberOf(value);
      return parts.count >= 1 && parts.count <= MAX_COUNT;
    case "UNTIL":
      parts.until = value;
      return true;
    case "WKST":
      parts.weekStart = RULE_WEEKDAYS.indexOf(value);
      return parts.weekStart >= 0;
    case "BYDAY":
      parts.byDay = value;
      return /^(?:(?:[+-]?[1-9]\d?)?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?!$)|$))+$/u.test(value);
    case "BYMONTH":
      return (parts.byMonth = numbersOf(value)).every((one) => one >= 1 && one <= 12);
    case "BYMONTHDAY":
      return (parts.byMonthDay = numbersOf(value)).every((one) => isPlace(one, 31));
    case "BYWEEKNO":
      return (parts.byWeekNo = numbersOf(value)).every((one) => isPlace(one, 53));
    case "BYHOUR":
      return (parts.byHour = numbersOf(value)).every((one) => one >= 0 && one <= 23);
    case "BYMINUTE":
      return (parts.byMinute = numbersOf(value)).every((one) => one >= 0 && one <= 59);
    default:
      parts.more = true;
      return isRareRight(name, numbersOf(value));
  }
};

const isRareRight = (name: string, values: readonly number[]): boolean => {
  switch (name) {
    case "BYSECOND":
      return values.every((one) => one >= 0 && one <= 59);
    case "BYYEARDAY":
    case "BYSETPOS":
      return values.every((one) => isPlace(one, 366));
    default:
      return false;
  }
};

/** Counted from the start, or from the end where it is negative. */
const isPlace = (value: number, last: number): boolean =>
  (value >= 1 && value <= last) || (value <= -1 && value >= -last);

const numbersOf = (text: string): readonly number[] => text.split(",").map(numberOf);

/** Not a number where it is anything but a sign and a few digits. */
export const numberOf = (text: string): number => {
  const signed = text.startsWith("-") || text.startsWith("+");
  const count = text.length - (signed ? 1 : 0);
  if (count < 1 || count > 4) return Number.NaN;
  const value = digits(text, signed ? 1 : 0, count);
  return text.startsWith("-") ? -value : value;
};

/** The last local time that UNTIL lets through: a date stands for its whole day, `Z` for UTC.
 * Infinite where there is none; not a number where it is not understood. */
export const untilOf = ({ until }: RuleParts, line: ZoneLine): number => {
  if (until === null) return Number.POSITIVE_INFINITY;
  const [year, month, ofMonth] = [digits(until, 0, 4), digits(until, 4, 2), digits(until, 6, 2)];
  const day = dayOf(year, month, ofMonth);
  if (month > 12 || civilOf(day).day !== ofMonth) return Number.NaN;
  if (until.length === 8) return (day + 1) * DAY_MS - 1;
  const zulu = until.length === 16 && until.endsWith("Z");
  if ((until.length !== 15 && !zulu) || until[8] !== "T") return Number.NaN;
  const minutes = digits(until, 9, 2) * 60 + digits(until, 11, 2);
  const at = day * DAY_MS + minutes * MINUTE_MS + digits(until, 13, 2) * 1_000;
  // All that begins by that moment, an hour that is just repeated among it.
  return zulu && !Number.isNaN(at) ? reachedBy(line, at) : at;
};
