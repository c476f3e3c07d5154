// The forms in which a calendar says when something recurs, each in the words of the field that it
// comes from: an item of `allow` or `deny` has one of them.

import * as z from "zod";
import { interval } from "./intervals.ts";
import { field, section } from "./leaf.ts";
import { onlyOne } from "./only-one.ts";
import { named, type Form, type InZone } from "./recurrence-form.ts";
import { cron, rule } from "./recurrence-rules.ts";
import { monthDays, once, weekly } from "./recurrence-times.ts";
import { text } from "./values.ts";

const recurrenceKeys = () => ({
  weekly: field(weekly().optional(), "On days of the week."),
  cron: field(cron().optional(), "As cron says."),
  rule: field(rule().optional(), "As a recurrence rule of iCalendar says."),
  monthDays: field(
    monthDays().optional(),
    "Whole days of the month, both inclusive; `28..3` goes across the month's end.",
    "28..3",
  ),
  interval: field(
    interval()
      .transform(({ interval: read, text: form }): Form => (why) => () => ({
        ...read,
        text: named(why, form),
      }))
      .optional(),
    "As Alertmanager writes `time_intervals`: a moment is in it when every key that is given " +
      "has a range that holds it.",
  ),
  holidays: field(
    text({ title: "file", max: 500, pattern: /\.ics$/iu, expected: "an .ics file" })
      .transform((file): Form => (why) => () => ({ kind: "holidays", file, why }))
      .optional(),
    "The days of an iCalendar file, by its path from this file.",
    "us-holidays.ics",
  ),
  once: field(once().optional(), "One period."),
});

/** An item of `allow` or `deny`. */
export const recurrence = () => {
  const keys = recurrenceKeys();
  const why = text({ max: 100 }).optional();
  return section({
    ...keys,
    why: field(why, "Told to whoever waits. Default: the form itself.", "end of month"),
  })
    .meta({ minProperties: 1, maxProperties: 2 })
    .transform(({ why, ...raw }, ctx): InZone => {
      const chosen = onlyOne<Form>(raw, Object.keys(keys), ctx);
      return chosen === null ? z.NEVER : chosen.value(why ?? null);
    });
};
