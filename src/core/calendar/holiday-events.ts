// The events of an iCalendar file (RFC 5545, 3.6.1) as holidays: whole days with a name. Which
// properties count, and what a date may look like, is decided here.

import { civilOf, dayOf, digits } from "./civil.ts";
import { refusalAt, type Property } from "./read-lines.ts";

export interface HolidayEvent {
  /** Where it begins in the file. */
  readonly line: number;
  readonly uid: string;
  readonly name: string;
  /** Days since 1970 (see civil.ts). */
  readonly first: number;
  /** How many days it lasts. */
  readonly length: number;
  readonly rule: Property | null;
  readonly except: readonly number[];
  readonly also: readonly number[];
  /** The day of the repeated event with the same uid that this one stands for. */
  readonly replaces: number | null;
  readonly cancelled: boolean;
}

const MAX_NAME = 120;
/** Longer than a year is no holiday. */
const MAX_LENGTH_DAYS = 366;
/** Exceptions, or additions. */
const MAX_DATES = 1_000;
const DATE_HINT = "write DTSTART;VALUE=DATE:20261225";

/** `line` is the event's own. Throws a Refusal where a date is missing or wrong. */
export const readEvent = (properties: readonly Property[], line: number): HolidayEvent => {
  const one = (name: string): Property | null =>
    properties.find((property) => property.name === name) ?? null;
  const days = (name: string): readonly number[] => {
    const found = properties
      .filter((property) => property.name === name)
      .flatMap((property) =>
        property.value.split(",").map((value) => readDay({ ...property, value })),
      );
    if (found.length <= MAX_DATES) return found;
    throw refusalAt(line, {
      code: "calendar-file-too-large",
      message: `expected at most ${MAX_DATES} dates of ${name} in an event, found ${found.length}`,
      hint: "keep only the years that matter",
    });
  };
  const start = one("DTSTART");
  if (start === null) {
    throw refusalAt(line, {
      code: "holiday-without-date",
      message: "expected the event to have a DTSTART, found none",
      hint: DATE_HINT,
    });
  }
  const first = readDay(start);
  const replaced = one("RECURRENCE-ID");
  return {
    line,
    uid: one("UID")?.value ?? "",
    name: nameOf(one("SUMMARY")?.value ?? ""),
    first,
    length: lengthOf(first, one("DTEND"), one("DURATION")),
    rule: one("RRULE"),
    except: days("EXDATE"),
    also: days("RDATE"),
    replaces: replaced === null ? null : readDay(replaced),
    cancelled: one("STATUS")?.value.toUpperCase() === "CANCELLED",
  };
};

/** `20261225`, or midnight on a local clock: other times of day are no whole days, and midnight in
 * UTC is one only there. */
const readDay = ({ value, line }: Property): number => {
  const [year, month, day] = [digits(value, 0, 4), digits(value, 4, 2), digits(value, 6, 2)];
  const at = dayOf(year, month, day);
  const whole = value.length === 8 || (value.length === 15 && value.endsWith("T000000"));
  if (whole && month >= 1 && month <= 12 && civilOf(at).day === day) return at;
  throw refusalAt(line, {
    code: "holiday-date",
    message: `expected a whole day, found ${JSON.stringify(value.slice(0, 40))}`,
    hint: DATE_HINT,
  });
};

/** In whole days. DTEND is exclusive; some programs write the same day twice for one day. */
const lengthOf = (first: number, end: Property | null, duration: Property | null): number => {
  const property = end ?? duration;
  if (property === null) return 1;
  const length = end === null ? durationDays(property) : readDay(end) - first;
  if (length >= 0 && length <= MAX_LENGTH_DAYS) return Math.max(1, length);
  throw refusalAt(property.line, {
    code: "holiday-length",
    message: `expected an end within ${MAX_LENGTH_DAYS} days of the start, found ${length} days`,
    hint: "DTEND is the day after the last",
  });
};

const durationDays = ({ value, line }: Property): number => {
  const found = /^\+?P(\d{1,3})([DW])(?:T0[HMS])?$/u.exec(value);
  if (found !== null) return Number(found[1]) * (found[2] === "W" ? 7 : 1);
  throw refusalAt(line, {
    code: "holiday-length",
    message: `expected whole days or weeks, found ${JSON.stringify(value.slice(0, 40))}`,
    hint: "write DURATION:P1D",
  });
};

const nameOf = (text: string): string => {
  const plain = plainText(text).trim();
  return plain === "" ? "holiday" : plain.slice(0, MAX_NAME);
};

/** Without the escapes of RFC 5545, 3.3.11, on one line. */
export const plainText = (text: string): string =>
  text
    .replace(/\\(.)/gu, (_, sign: string) => (sign === "n" || sign === "N" ? " " : sign))
    .replace(/\p{Cc}+/gu, " ");
