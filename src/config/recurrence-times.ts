// Recurrences by the clock and the calendar on the wall: days of the week, days of the month, and
// single periods.

import * as z from "zod";
import type { LocalDateTime, Weekday } from "../core/calendar/calendar.ts";
import { readLocal } from "../core/calendar/civil.ts";
import { instant } from "../core/ids.ts";
import { formatDuration } from "../core/units.ts";
import { complain, field, leaf, refused, section } from "./leaf.ts";
import { clockTime, DAY_NAMES, localDateTime, weekdays } from "./local-times.ts";
import { forField, MINUTE_MS, named, type Form } from "./recurrence-form.ts";

export const weekly = () =>
  section({
    days: field(
      z.array(weekdays()).min(1).max(7),
      "Days of the week, or a range of them such as `mon..fri`.",
      ["tue", "thu"],
    ),
    from: field(clockTime(), "When it begins.", "10:00"),
    for: forField("2h"),
  }).transform((raw): Form => {
    const days = ([1, 2, 3, 4, 5, 6, 7] as const).filter((day) => raw.days.flat().includes(day));
    const form = `${daysText(days)} ${spanText(raw.from, raw.for)}`;
    return (why) => () => ({
      kind: "weekly",
      days,
      from: raw.from,
      forMs: raw.for,
      text: named(why, form),
    });
  });

/** `Tuesday and Thursday` */
const daysText = (days: readonly Weekday[]): string =>
  days
    .map((day) => DAY_NAMES[day - 1])
    .join(", ")
    .replace(/, ([^,]*)$/u, " and $1");

/** `10:00 to 12:00`; `01:30 for 2h` at night, where clocks may change on the way and it would not
 * end when that says, or where it does not end on the same day. */
const spanText = (from: string, forMs: number): string => {
  const [hours = 0, minutes = 0] = from.split(":").map(Number);
  const end = hours * 60 + minutes + forMs / MINUTE_MS;
  const nightly = hours < MORNING_HOUR || end > EVENING_HOUR * 60;
  if (nightly || !Number.isInteger(end)) return `${from} for ${formatDuration(forMs)}`;
  const [hour, minute] = [Math.floor(end / 60), end % 60].map((n) => String(n).padStart(2, "0"));
  return `${from} to ${hour}:${minute}`;
};
/** Between these no place sets its clocks: Easter Island shows the hour from 21:00 on twice. */
const MORNING_HOUR = 5;
const EVENING_HOUR = 21;

/** `28..3`, or one day. */
const monthDayText = () =>
  leaf<{ readonly first: number; readonly last: number }>(
    {
      title: "days of the month",
      type: ["string", "integer"],
      pattern: "^\\d{1,2}\\.\\.\\d{1,2}$",
    },
    (raw) => {
      const match = /^(\d{1,2})(?:\.\.(\d{1,2}))?$/u.exec(
        typeof raw === "string" || typeof raw === "number" ? String(raw) : "",
      );
      const [first, last] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
      if (isMonthDay(first) && isMonthDay(last)) return { kind: "ok", value: { first, last } };
      const hint = "write it like 28..3, both days inclusive";
      const message = "expected days of the month from 1 to 31";
      return refused({ code: "bad-month-days", message, found: true, hint });
    },
  );

const isMonthDay = (day: number): boolean => Number.isInteger(day) && day >= 1 && day <= 31;

const monthDay = () =>
  leaf<number>({ title: "day of the month", type: "integer", minimum: 1, maximum: 31 }, (raw) => {
    if (typeof raw === "number" && isMonthDay(raw)) return { kind: "ok", value: raw };
    const message = "expected a day of the month from 1 to 31";
    return refused({ code: "bad-month-days", message, found: true });
  });

export const monthDays = () =>
  z
    .union([
      monthDayText(),
      section({
        from: field(monthDay(), "The first day, inclusive.", 28),
        to: field(monthDay(), "The last day, inclusive; before `from`: in the next month.", 3),
      }).transform((raw) => ({ first: raw.from, last: raw.to })),
    ])
    .transform(({ first, last }): Form => {
      const form = first === last ? `day ${first} of the month` : `days ${first} to ${last}`;
      return (why) => () => ({ kind: "monthDays", first, last, text: named(why, form) });
    });

export const once = () =>
  section({
    from: field(localDateTime(), "When it begins, in the calendar's zone.", "2026-12-24T18:00"),
    to: field(localDateTime(), "When it ends, exclusive.", "2026-12-27T06:00"),
  }).transform((raw, ctx): Form => {
    if (raw.to <= raw.from) {
      const message = `expected a time after ${raw.from}, found ${raw.to}`;
      complain(ctx, { code: "bad-date-time", message }, ["to"]);
    }
    const form = `${spoken(raw.from)} to ${spoken(raw.to)}`;
    return (why) => (line) => ({
      kind: "once",
      from: instant(line.momentOf(readLocal(raw.from))),
      to: instant(line.momentOf(readLocal(raw.to))),
      text: named(why, form),
    });
  });

const spoken = (time: LocalDateTime): string => time.replace("T", " ");
