// Local times as calendars write them: times of day, dates with a time, days of the week.

import type { ClockTime, LocalDateTime, Weekday } from "../core/calendar/calendar.ts";
import { didYouMean } from "../core/closest.ts";
import { quoted } from "../core/units.ts";
import { leaf, refused, wrongType, type Read } from "./leaf.ts";

const CLOCK = /^(?:[01]\d|2[0-3]):[0-5]\d$/u;
const HALF_DAY = /^(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?m\b/iu;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d$/u;
const DATE = /^\d{4}-\d{2}-\d{2}$/u;
/** In the order of ISO 8601: Monday is 1. */
export const DAY_NAMES = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;
const SHORT_DAYS = DAY_NAMES.map((name) => name.slice(0, 3).toLowerCase());

/** `10:00`; as an end also `24:00`. */
export const clockTime = ({ isEnd = false }: { readonly isEnd?: boolean } = {}) =>
  leaf<ClockTime>({ title: "time of day", type: "string", pattern: "^\\d{2}:\\d{2}$" }, (raw) => {
    const hint = "write it like 09:30 or 18:00, with four digits";
    if (typeof raw !== "string") {
      const message = "expected a time of day";
      return refused({ code: "bad-time", message, found: true, hint });
    }
    if (CLOCK.test(raw) || (isEnd && raw === "24:00")) return { kind: "ok", value: raw };
    const message = `expected a time of day, found ${quoted(raw)}`;
    return refused({ code: "bad-time", message, hint: halfDayHint(raw) ?? hint });
  });

/** `10:00 AM EST` → what to write instead. */
const halfDayHint = (raw: string): string | null => {
  const match = HALF_DAY.exec(raw);
  const hour = Number(match?.[1]);
  if (match === null || hour < 1 || hour > 12) return null;
  const whole = (hour % 12) + (match[3]?.toLowerCase() === "p" ? 12 : 0);
  const text = `${String(whole).padStart(2, "0")}:${match[2] ?? "00"}`;
  return `write ${text}; the calendar's zone says whose time it is`;
};

/** `2026-12-24T10:00`, a date that there is. */
export const localDateTime = () =>
  leaf<LocalDateTime>(
    { title: "local date-time", type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$" },
    (raw) => {
      const hint = "write it like 2026-12-24T10:00; the calendar's zone says whose time it is";
      if (typeof raw !== "string") {
        const message = "expected a local date-time";
        return refused({ code: "bad-date-time", message, found: true, hint });
      }
      if (DATE_TIME.test(raw) && isDate(raw.slice(0, 10))) return { kind: "ok", value: raw };
      const real = !DATE_TIME.test(raw) || isDate(raw.slice(0, 10));
      const expected = real ? "a local date-time" : "a date that there is";
      const message = `expected ${expected}, found ${quoted(raw)}`;
      const day = DATE.test(raw) && isDate(raw);
      return refused({
        code: "bad-date-time",
        message,
        hint: day ? `write ${raw}T00:00 for the beginning of that day` : hint,
      });
    },
  );

const isDate = (date: string): boolean => {
  const [year = 0, month = 0, day = 0] = date.split("-").map(Number);
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= Temporal.PlainYearMonth.from({ year, month }).daysInMonth
  );
};

/** `tue`, or `mon..fri`, which goes across Sunday where it ends before it begins. */
export const weekdays = () =>
  leaf<readonly Weekday[]>(
    { title: "day of the week", type: "string", pattern: "^[a-z]{3}(\\.\\.[a-z]{3})?$" },
    (raw): Read<readonly Weekday[]> => {
      if (typeof raw !== "string") return wrongType(`one of ${SHORT_DAYS.join(", ")}`);
      const [first = "", last, ...more] = raw.split("..");
      const from = SHORT_DAYS.indexOf(first);
      const to = last === undefined ? from : SHORT_DAYS.indexOf(last);
      if (from >= 0 && to >= 0 && more.length === 0) {
        const length = ((to - from + 7) % 7) + 1;
        const days = Array.from({ length }, (_, index) => (((from + index) % 7) + 1) as Weekday);
        return { kind: "ok", value: days };
      }
      const wrong = from < 0 ? first : (last ?? "");
      const short = SHORT_DAYS.find((day) => wrong.toLowerCase().startsWith(day));
      const hint = short === undefined ? didYouMean(wrong, SHORT_DAYS) : `write ${short}`;
      const message = `expected a day of the week, found ${quoted(raw)}`;
      return refused({ code: "bad-weekday", message, hint });
    },
  );
