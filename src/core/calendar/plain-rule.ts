// Recurrence rules (RFC 5545, 3.3.10) whose days follow from the date alone, read into bits: a
// thousand of them are asked in about a millisecond. All else (BYSETPOS, BYYEARDAY) is left to
// the library, and a test holds both together.

import { DAY_MS, MINUTE_MS, civilOf, dayOfLocal, weekdayOf } from "./civil.ts";
import { oneTime, type ClockTimes } from "./clock-times.ts";
import {
  bitsOf,
  countOf,
  dayPattern,
  monthDaysOf,
  type DayPattern,
  type NthWeekday,
  type Phase,
} from "./day-pattern.ts";
import { RULE_WEEKDAYS, numberOf, type Frequency, type RuleParts } from "./rule-parts.ts";
import { remembered } from "./remembered.ts";
import { patternStarts, steadyStarts, type Starts } from "./starts.ts";
import { weekYearOf } from "./year-weeks.ts";

/** Lists of weekdays that are kept. */
const MAX_KEPT = 500;
const HOUR_MS = 60 * MINUTE_MS;
const UNITS: Readonly<Record<Exclude<Frequency, "HOURLY">, Phase["unit"]>> = {
  DAILY: "day",
  WEEKLY: "week",
  MONTHLY: "month",
  YEARLY: "year",
};

/** `start` in local milliseconds, on a whole minute. Null: not plain. */
export const plainRule = (parts: RuleParts, start: number): Starts | null => {
  if (parts.more) return null;
  if (parts.freq === "HOURLY") return everyHours(parts, start);
  const unit = UNITS[parts.freq];
  const startDay = dayOfLocal(start);
  const days =
    parts.byWeekNo.length === 0 ? readDays(parts, unit, startDay) : readWeeks(parts, startDay);
  if (days === null) return null;
  const startMinute = Math.floor((start - startDay * DAY_MS) / MINUTE_MS);
  return patternStarts(days, readTimes(parts, startMinute));
};

const everyHours = (parts: RuleParts, start: number): Starts | null => {
  const { byDay, byMonthDay, byMonth, byHour, byMinute, interval } = parts;
  const limited = [byMonthDay, byMonth, byHour, byMinute].some((values) => values.length > 0);
  return limited || byDay !== null ? null : steadyStarts(start, interval * HOUR_MS);
};

const readTimes = ({ byHour, byMinute }: RuleParts, startMinute: number): ClockTimes => {
  const own = oneTime(startMinute);
  if (byHour.length === 0 && byMinute.length === 0) return own;
  const all = byMinute.length === 0;
  return {
    hours: byHour.length === 0 ? own.hours : bitsOf(byHour),
    early: all ? own.early : bitsOf(byMinute.filter((one) => one < 30)),
    late: all ? own.late : bitsOf(byMinute.filter((one) => one >= 30).map((one) => one - 30)),
  };
};

const readDays = (parts: RuleParts, unit: Phase["unit"], startDay: number): DayPattern | null => {
  const { byMonthDay, byMonth, interval, weekStart } = parts;
  const byDay = parts.byDay === null ? null : readByDay(parts.byDay);
  const counted = byDay !== null && byDay.nth.length > 0;
  // The nth of a year, and what no frequency may have, are the library's.
  if (counted && (byMonthDay.length > 0 || unit === "day" || unit === "week")) return null;
  if (counted && unit === "year" && byMonth.length === 0) return null;
  if (unit === "week" && byMonthDay.length > 0) return null;
  // What the rule leaves open it takes from its start.
  const start = civilOf(startDay);
  const open = (unit === "month" || unit === "year") && byMonthDay.length === 0 && byDay === null;
  const monthDays = open ? [start.day] : byMonthDay;
  const months = open && unit === "year" && byMonth.length === 0 ? [start.month] : byMonth;
  const weekdays = unit === "week" ? 1 << weekdayOf(startDay) : 0b111_1111;
  const anchor = interval === 1 ? 0 : countOf({ unit, weekStart }, startDay);
  return dayPattern({
    weekdays: byDay === null ? weekdays : byDay.weekdays,
    nth: byDay?.nth ?? [],
    monthDays:
      monthDays.length === 0
        ? null
        : monthDaysOf(monthDays.map((day) => ({ first: day, last: day }))),
    months: months.length === 0 ? null : bitsOf(months) >>> 1,
    phase: interval === 1 ? null : { unit, every: interval, anchor, weekStart },
  });
};

/** Weeks of the year, whose days are named. */
const readWeeks = (parts: RuleParts, startDay: number): DayPattern => {
  const { byWeekNo: numbers, byDay, interval: every, weekStart } = parts;
  const anchor = weekYearOf(startDay, weekStart);
  return dayPattern({
    weekdays: readByDay(byDay ?? "").weekdays,
    weeks: { numbers, weekStart, every, anchor },
  });
};

/** Days of the week, and those of them that are counted. */
interface ByDay {
  readonly weekdays: number;
  readonly nth: readonly NthWeekday[];
}

/** `TU,TH`, `1TU`, `-1FR`. */
const readByDay = remembered(MAX_KEPT, (text): ByDay => {
  let weekdays = 0;
  const nth: NthWeekday[] = [];
  for (const token of text.split(",")) {
    const weekday = RULE_WEEKDAYS.indexOf(token.slice(-2));
    if (token.length === 2) weekdays |= 1 << weekday;
    else nth.push({ weekday, nth: numberOf(token.slice(0, -2)) });
  }
  return { weekdays, nth };
});
