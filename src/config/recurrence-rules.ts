// Recurrences by rule: cron expressions and the rules of iCalendar. What no library can follow is
// told when it is written, not when somebody waits for it.

import * as z from "zod";
import type { Recurrence } from "../core/calendar/calendar.ts";
import { sourceOf } from "../core/calendar/source.ts";
import { UnreadableRule } from "../core/calendar/starts.ts";
import type { ZoneLine } from "../core/calendar/zone-line.ts";
import { didYouMean } from "../core/closest.ts";
import { formatDuration, quoted } from "../core/units.ts";
import { complain, field, leaf, refused, section, type Fault } from "./leaf.ts";
import { localDateTime } from "./local-times.ts";
import { forField, named, type Form, type ItemFault } from "./recurrence-form.ts";
import { text } from "./values.ts";

const MAX_DATES = 1_000;
const RULE_PARTS = [
  "FREQ",
  "INTERVAL",
  "COUNT",
  "UNTIL",
  "BYDAY",
  "BYMONTHDAY",
  "BYMONTH",
  "BYYEARDAY",
  "BYWEEKNO",
  "BYHOUR",
  "BYMINUTE",
  "BYSETPOS",
  "WKST",
];
const CRON_FIELDS = "minute, hour, day of the month, month, day of the week";

const BESIDE_NO_WEEKS = ["BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYSETPOS"];

export const cron = () =>
  section({
    at: field(
      text({ title: "cron expression", max: 200 }),
      `When it begins: ${CRON_FIELDS}.`,
      "0 10 * * 2,4",
    ),
    for: forField("2h"),
  }).transform((raw, ctx): Form => {
    const fields = raw.at.trim().split(/\s+/u);
    if (fields.length !== 5) {
      const message = `expected five fields, found ${fields.length} in ${quoted(raw.at)}`;
      const hint = `they are ${CRON_FIELDS}`;
      complain(ctx, { code: "bad-cron", message, hint }, ["at"]);
    }
    const expression = fields.join(" ");
    const form = `${expression} for ${formatDuration(raw.for)}`;
    return (why) => (line) =>
      readable(
        { kind: "cron", expression, forMs: raw.for, text: named(why, form) },
        line,
        ["cron", "at"],
        {
          code: "bad-cron",
          message: `expected a cron expression, found ${quoted(raw.at)}`,
          hint: `write it like "0 10 * * 2,4": ${CRON_FIELDS}`,
        },
      );
  });

const readable = (
  recurrence: Recurrence,
  line: ZoneLine,
  path: readonly string[],
  fault: Fault,
): Recurrence | ItemFault => {
  try {
    sourceOf(recurrence, line);
    return recurrence;
  } catch (error) {
    if (!(error instanceof UnreadableRule)) throw error;
    return { kind: "fault", path, fault };
  }
};

const rrule = () =>
  leaf<string>({ title: "recurrence rule", type: "string", pattern: "FREQ=" }, (raw) => {
    const hint = "write it like FREQ=WEEKLY;BYDAY=TU,TH";
    if (typeof raw !== "string" || raw.length > 500) {
      const message = "expected a recurrence rule of at most 500 characters";
      return refused({ code: "bad-rule", message, found: true, hint });
    }
    const rule = raw.replace(/^RRULE:/u, "");
    const parts = rule.split(";").map((part) => part.split("="));
    const strange = parts.find(([name = ""]) => !RULE_PARTS.includes(name));
    if (strange !== undefined) {
      const [name = ""] = strange;
      const message = `unknown part ${quoted(name)} in a recurrence rule`;
      return refused({ code: "bad-rule", message, hint: didYouMean(name, RULE_PARTS) });
    }
    const freq = parts.find(([name]) => name === "FREQ")?.[1] ?? "";
    if (!/^(?:YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY)$/u.test(freq)) {
      const known = "YEARLY, MONTHLY, WEEKLY, DAILY or HOURLY";
      const message = `expected FREQ to be ${known}, found ${quoted(freq)}`;
      return refused({ code: "bad-rule", message, hint });
    }
    const fault = weeksFault(new Map(parts.map(([name = "", value = ""]) => [name, value])));
    return fault === null ? { kind: "ok", value: rule } : refused(fault);
  });

/** What weeks of the year mean beside other parts, or without their days, differs from program to
 * program (see core/calendar/rule-parts.ts). */
const weeksFault = (parts: ReadonlyMap<string, string>): Fault | null => {
  if (!parts.has("BYWEEKNO")) return null;
  const hint = "write it like FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,TU,WE,TH,FR";
  const days = parts.get("BYDAY");
  const strange =
    parts.get("FREQ") === "YEARLY"
      ? (BESIDE_NO_WEEKS.find((name) => parts.has(name)) ??
        (/\d/u.test(days ?? "") ? `BYDAY=${days}` : null))
      : `FREQ=${parts.get("FREQ")}`;
  if (strange !== null) {
    const message = `BYWEEKNO and ${strange} do not go together in one recurrence rule`;
    return { code: "bad-rule", message, hint };
  }
  if (days !== undefined) return null;
  const message = "BYWEEKNO needs BYDAY: programs disagree about which days of the week are meant";
  return { code: "bad-rule", message, hint };
};

const dates = () => z.array(localDateTime()).max(MAX_DATES).prefault([]);

export const rule = () =>
  section({
    start: field(localDateTime(), "The first one.", "2026-01-06T10:00"),
    rrule: field(rrule(), "How it goes on (RFC 5545).", "FREQ=WEEKLY;BYDAY=TU,TH"),
    except: field(dates(), "Beginnings that do not take place.", ["2026-12-24T10:00"]),
    also: field(dates(), "Beginnings besides.", ["2026-12-28T10:00"]),
    for: forField("2h"),
  }).transform((raw): Form => {
    const form = `${raw.rrule} for ${formatDuration(raw.for)}`;
    return (why) => (line) =>
      readable(
        {
          kind: "rrule",
          start: raw.start,
          rule: raw.rrule,
          except: raw.except,
          also: raw.also,
          forMs: raw.for,
          text: named(why, form),
        },
        line,
        ["rule", "rrule"],
        {
          code: "bad-rule",
          message: `expected a recurrence rule, found ${quoted(raw.rrule)}`,
          hint: "write it as RFC 5545 does, like FREQ=MONTHLY;BYDAY=1TU",
        },
      );
  });
