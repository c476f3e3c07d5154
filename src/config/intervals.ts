// Intervals as Alertmanager writes its time_intervals, key for key, so that they can be taken over
// as they are. Their zone is the calendar's.

import * as z from "zod";
import type { NumberRange, Recurrence } from "../core/calendar/calendar.ts";
import { didYouMean } from "../core/closest.ts";
import { quoted } from "../core/units.ts";
import { complain, field, leaf, refused, section } from "./leaf.ts";
import { clockTime, DAY_NAMES } from "./local-times.ts";

const MAX_RANGES = 100;
const MONTH_DAYS = 31;
const WEEKDAYS = DAY_NAMES.map((name) => name.toLowerCase());
const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

interface RangeOf {
  readonly title: string;
  /** 1 is the first of them. */
  readonly names?: readonly string[];
  /** Lowest and highest number; where there are none only names count. */
  readonly numbers?: readonly [min: number, max: number];
  /** Numbers below zero count from the end. */
  readonly fromEnd?: boolean;
  /** An end before the beginning goes round. */
  readonly round?: boolean;
  readonly example: string;
}

/** `a` or `a:b`, both inclusive. */
const range = (of: RangeOf) =>
  leaf<NumberRange>({ title: of.title, type: ["string", "integer"] }, (raw) => {
    const hint = `write it like ${of.example}`;
    if (typeof raw !== "string" && typeof raw !== "number") {
      const message = `expected a ${of.title}`;
      return refused({ code: "bad-range", message, found: true, hint });
    }
    const parts = String(raw).split(":");
    const [first = null, last = first] = parts.map((part) => member(part.trim(), of));
    if (first === null || last === null || parts.length > 2) {
      const wrong = parts.find((part) => member(part.trim(), of) === null) ?? "";
      const near = of.names === undefined ? hint : didYouMean(wrong.trim().toLowerCase(), of.names);
      const message = `expected a ${of.title}, found ${quoted(String(raw))}`;
      return refused({ code: "bad-range", message, hint: near });
    }
    if (of.round === true || fromStart(first) <= fromStart(last))
      return { kind: "ok", value: { first, last } };
    const found = quoted(String(raw));
    const message = `expected an end that is not before the beginning, found ${found}`;
    return refused({ code: "bad-range", message, hint: "write it as two" });
  });

const fromStart = (day: number): number => (day < 0 ? MONTH_DAYS + 1 + day : day);

const member = (text: string, { names = [], numbers, fromEnd = false }: RangeOf): number | null => {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + 1;
  if (numbers === undefined || !/^-?\d{1,4}$/u.test(text)) return null;
  const value = Number(text);
  const counted = fromEnd && value < 0 ? -value : value;
  return counted >= numbers[0] && counted <= numbers[1] ? value : null;
};

const ranges = (of: RangeOf) => z.array(range(of)).min(1).max(MAX_RANGES);

const time = () =>
  section({
    start_time: field(clockTime(), "When it begins.", "09:00"),
    end_time: field(
      clockTime({ isEnd: true }),
      "When it ends, exclusive; `24:00` is allowed.",
      "17:00",
    ),
  }).transform((raw, ctx) => {
    if (raw.end_time <= raw.start_time) {
      const message = `expected a time after ${raw.start_time}, found ${raw.end_time}`;
      const hint = "write what goes past midnight as two: one until 24:00, one from 00:00";
      complain(ctx, { code: "bad-time", message, hint }, ["end_time"]);
    }
    return { from: raw.start_time, to: raw.end_time };
  });

type Interval = Omit<Extract<Recurrence, { kind: "interval" }>, "text">;

export interface WrittenInterval {
  readonly interval: Interval;
  /** `monday:friday, 09:00 to 17:00` */
  readonly text: string;
}

const intervalFields = () => ({
  times: field(
    z.array(time()).min(1).max(MAX_RANGES).optional(),
    "Times of day. Default: the whole day.",
  ),
  weekdays: field(
    ranges({
      title: "day of the week",
      names: WEEKDAYS,
      round: true,
      example: "monday:friday",
    }).optional(),
    "Days of the week, by name. Default: all of them.",
    ["monday:friday"],
  ),
  days_of_month: field(
    ranges({
      title: "day of the month",
      numbers: [1, MONTH_DAYS],
      fromEnd: true,
      example: '"1:5" or "-3:-1"',
    }).optional(),
    "Days of the month; -1 is the last one. Default: all of them.",
    ["1:5", "-3:-1"],
  ),
  months: field(
    ranges({
      title: "month",
      names: MONTHS,
      numbers: [1, 12],
      round: true,
      example: "november:december",
    }).optional(),
    "Months, by name or number. Default: all of them.",
    ["november:december"],
  ),
  years: field(
    ranges({ title: "year", numbers: [1970, 9999], example: "2026:2028" }).optional(),
    "Years. Default: all of them.",
    ["2026:2028"],
  ),
});

export const interval = () => {
  const fields = intervalFields();
  return section(fields).transform((raw, ctx): WrittenInterval => {
    const given = Object.entries(raw).filter((entry) => entry[1] !== undefined);
    if (given.length === 0) {
      const hint = `known here: ${Object.keys(fields).join(", ")}`;
      complain(ctx, { code: "one-of", message: "expected some of its keys, found none", hint });
    }
    const dates = [
      ...(raw.weekdays ?? []).map((one) => rangeText(one, WEEKDAYS)),
      ...(raw.days_of_month ?? []).map((one) => `day ${rangeText(one)}`),
      ...(raw.months ?? []).map((one) => rangeText(one, MONTHS)),
      ...(raw.years ?? []).map((one) => rangeText(one)),
    ];
    const times = (raw.times ?? []).map(({ from, to }) => `${from} to ${to}`);
    return {
      interval: {
        kind: "interval",
        times: raw.times ?? [],
        weekdays: raw.weekdays ?? [],
        daysOfMonth: raw.days_of_month ?? [],
        months: raw.months ?? [],
        years: raw.years ?? [],
      },
      text: [...dates, ...times].join(", "),
    };
  });
};

const rangeText = ({ first, last }: NumberRange, names: readonly string[] = []): string => {
  const [from, to] = [first, last].map((value) => capital(names[value - 1]) ?? String(value));
  return first === last ? `${from}` : `${from} to ${to}`;
};

const capital = (word: string | undefined): string | undefined =>
  word === undefined ? undefined : word.slice(0, 1).toUpperCase() + word.slice(1);
