// A file of holidays (iCalendar, RFC 5545) as whole days. What of the file counts, and how far
// repeated holidays are followed, is decided here.

import { Refusal } from "../refusal.ts";
import type { Recurrence } from "./calendar.ts";
import { DAY_MS, dateText, dayOf, dayOfLocal } from "./civil.ts";
import { plainText, readEvent, type HolidayEvent } from "./holiday-events.ts";
import { readLines, refusalAt, type Property } from "./read-lines.ts";
import { readParts } from "./rule-parts.ts";
import { ruleStarts } from "./rule-starts.ts";
import { UnreadableRule } from "./starts.ts";
import { zoneLine } from "./zone-line.ts";

type Days = Extract<Recurrence, { kind: "days" }>;

/** Repeated holidays are written out for these years. */
const FIRST_YEAR = 2020;
const LAST_YEAR = 2040;
const MAX_DAYS = 20_000;
const MAX_RULES = 500;
/** Components within components. */
const MAX_DEPTH = 8;
const MAX_TITLE = 120;

/** Sorted, none twice. Throws a Refusal with the line: of a holiday that is left out in silence
 * nobody would know before somebody deploys on it. */
export const readHolidays = (text: string): Days => {
  const { title, events } = readFile(readLines(text));
  const replaced = new Set(
    events.filter((event) => event.replaces !== null).map((event) => keyOf(event, event.replaces)),
  );
  const days = new Map<string, Days["days"][number]>();
  let written = 0;
  let rules = 0;
  for (const event of events) {
    if (event.cancelled) continue;
    if (event.rule !== null) rules += 1;
    if (rules > MAX_RULES) throw tooMany(event.line, `${MAX_RULES} repeated holidays`);
    for (const first of occurrences(event)) {
      written += 1;
      if (written > MAX_DAYS) throw tooMany(event.line, `${MAX_DAYS} days`);
      if (event.replaces === null && replaced.has(keyOf(event, first))) continue;
      const day = {
        first: dateText(first),
        last: dateText(first + event.length - 1),
        name: event.name,
      };
      days.set(`${day.first} ${day.last} ${day.name}`, day);
    }
  }
  if (days.size === 0) throw noHolidays();
  const sorted = [...days].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
  return { kind: "days", text: title, days: sorted };
};

const keyOf = ({ uid }: HolidayEvent, day: number | null): string => `${day} ${uid}`;

const readFile = (
  properties: readonly Property[],
): { readonly title: string; readonly events: readonly HolidayEvent[] } => {
  const events: HolidayEvent[] = [];
  const open: Property[] = [];
  let title = "holidays";
  let collected: Property[] = [];
  for (const property of properties) {
    const { name, value, line } = property;
    const inside = open.map((begin) => begin.value.toUpperCase()).join(".");
    if (name === "BEGIN") {
      if (open.length === 0 && value.toUpperCase() !== "VCALENDAR") throw noCalendar(line);
      if (open.length === MAX_DEPTH) throw unbalanced(line, value);
      open.push(property);
      if (inside === "VCALENDAR") collected = [];
    } else if (inside === "") {
      throw noCalendar(line);
    } else if (name === "END") {
      const begin = open.pop();
      if (begin === undefined || begin.value.toUpperCase() !== value.toUpperCase()) {
        throw unbalanced(line, value);
      }
      if (inside === "VCALENDAR.VEVENT") events.push(readEvent(collected, begin.line));
    } else if (inside === "VCALENDAR.VEVENT") {
      collected.push(property);
    } else if (inside === "VCALENDAR" && name === "X-WR-CALNAME" && value.trim() !== "") {
      title = plainText(value).trim().slice(0, MAX_TITLE);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw cutOff(unclosed);
  if (events.length === 0) throw noHolidays();
  return { title, events };
};

/** The first days of it, as they come. */
const occurrences = (event: HolidayEvent): readonly number[] => {
  const { rule, first, except, also } = event;
  if (rule === null) return [first, ...also].filter((day) => !except.includes(day));
  if (readParts(rule.value)?.freq !== "YEARLY") {
    throw refusalAt(rule.line, {
      code: "holiday-rule",
      message: `expected FREQ=YEARLY, found ${JSON.stringify(rule.value.slice(0, 80))}`,
      hint: "write days that come more often as a window of their own",
    });
  }
  try {
    return yearly(rule.value, event);
  } catch (thrown) {
    if (!(thrown instanceof UnreadableRule)) throw thrown;
    throw refusalAt(rule.line, {
      code: "holiday-rule",
      message: thrown.message,
      hint: "write it like RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25",
    });
  }
};

const yearly = (rule: string, { first, except, also, line }: HolidayEvent): readonly number[] => {
  const limit = dayOf(LAST_YEAR + 1, 1, 1) * DAY_MS;
  const midnight = (day: number): string => `${dateText(day)}T00:00`;
  const starts = ruleStarts(
    { start: midnight(first), rule, except: except.map(midnight), also: also.map(midnight) },
    zoneLine("UTC"),
    limit,
  );
  const days: number[] = [];
  for (
    let at = starts.after(dayOf(FIRST_YEAR, 1, 1) * DAY_MS - 1, limit);
    at !== null;
    at = starts.after(at, limit)
  ) {
    days.push(dayOfLocal(at));
    if (days.length > MAX_DAYS) throw tooMany(line, `${MAX_DAYS} days`);
  }
  return days;
};

const noCalendar = (line: number): Refusal =>
  refusalAt(line, {
    code: "calendar-file-unreadable",
    message: "expected BEGIN:VCALENDAR, found something else",
    hint: "is it an iCalendar file?",
  });

const unbalanced = (line: number, value: string): Refusal =>
  refusalAt(line, {
    code: "calendar-file-unbalanced",
    message: `expected the END of what began last, found ${JSON.stringify(value.slice(0, 40))}`,
    hint: "fetch the file again",
  });

const cutOff = ({ value, line }: Property): Refusal =>
  refusalAt(line, {
    code: "calendar-file-cut-off",
    message: `expected an END for ${JSON.stringify(value.slice(0, 40))}, found the end of the file`,
    hint: "fetch the file again",
  });

const tooMany = (line: number, most: string): Refusal =>
  refusalAt(line, {
    code: "calendar-file-too-large",
    message: `expected at most ${most}, found more`,
    hint: "keep only the years that matter",
  });

const noHolidays = (): Refusal =>
  new Refusal({
    code: "calendar-file-empty",
    message: "expected holidays, found none",
    hint: "the file needs at least one VEVENT with a DTSTART",
  });
