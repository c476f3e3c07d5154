// What a calendar says to people: which period denies or allows a moment, and what comes next.

import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { Calendar, Recurrence } from "./calendar.ts";
import type { Problem } from "./coverage.ts";
import { coveredText } from "./never-open.ts";
import { localText } from "./local-text.ts";

/** More than a person reads of one kind. */
const MAX_NAMED = 5;
const MAX_TEXT = 200;

/** One for each period that denies `at`, the first few by name. */
export const denials = (
  calendar: Calendar,
  denying: readonly Recurrence[],
  at: Instant,
): readonly Reason[] => {
  const named = denying.slice(0, MAX_NAMED).map((recurrence) => {
    const text = nameOf(calendar, recurrence, at);
    return {
      code: "calendar-denied",
      text: `${calendar.name} denies it: ${text}`,
      numbers: { calendar: calendar.name, period: text },
    };
  });
  const more = denying.length - named.length;
  if (more === 0) return named;
  const text = `${calendar.name} denies it for ${more} more reasons`;
  const numbers = { calendar: calendar.name, more };
  return [...named, { code: "calendar-denied", text, numbers }];
};

/** Nothing denies `at`, but nothing allows it either. */
export const notAllowed = (calendar: Calendar, at: Instant): Reason => ({
  code: "calendar-closed",
  text: `${calendar.name} is not open at ${localText(at, calendar.zone)}`,
  numbers: { calendar: calendar.name, at },
});

/** `allowing`: none where the calendar is open whenever nothing denies it. */
export const openBecause = (
  calendar: Calendar,
  allowing: readonly Recurrence[],
  at: Instant,
  until: Instant | null,
): Reason => {
  const first = allowing[0];
  const why = first === undefined ? "" : `: ${nameOf(calendar, first, at)}`;
  const end = until === null ? "" : `, until ${localText(until, calendar.zone)}`;
  return {
    code: "calendar-open",
    text: `${calendar.name} is open${why}${end}`,
    numbers: { calendar: calendar.name, until },
  };
};

/** What cannot be followed counts against opening, and somebody has to mend it. */
export const unreadable = (calendar: Calendar, problems: readonly Problem[]): readonly Reason[] =>
  problems.slice(0, MAX_NAMED).map(({ recurrence, text }) => ({
    code: "calendar-unreadable",
    text: shortened(`${calendar.name} cannot follow ${recurrence.text}: ${text}`),
    numbers: { calendar: calendar.name, period: shortened(recurrence.text) },
  }));

export const opensNext = (calendar: Calendar, at: Instant, until: Instant | null): Reason => ({
  code: until === null ? "calendar-never-opens" : "calendar-opens",
  text:
    until === null
      ? `${calendar.name} never opens within the next five years: ${coveredText(calendar, at)}`
      : `${calendar.name} opens ${localText(until, calendar.zone)}`,
  numbers: { calendar: calendar.name, until },
});

/** As written, and of listed days the one that it is. */
const nameOf = (calendar: Calendar, recurrence: Recurrence, at: Instant): string =>
  shortened(
    recurrence.kind === "days"
      ? [recurrence.text, dayNameOf(calendar, recurrence, at)]
          .filter((one) => one !== "")
          .join(": ")
      : recurrence.text,
  );

const dayNameOf = (
  { zone }: Calendar,
  { days }: Extract<Recurrence, { kind: "days" }>,
  at: Instant,
): string => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const today = local.toPlainDate().toString();
  return days.find((day) => day.first <= today && today <= day.last)?.name ?? "";
};

const shortened = (text: string): string =>
  text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
