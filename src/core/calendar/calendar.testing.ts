// Calendars of every form drawn at random, and an oracle that says minute by minute what holds. It
// is written with Temporal and the libraries alone, without the arithmetic that it is held against.

import { Cron } from "croner";
import fc from "fast-check";
import { RRuleTemporal } from "rrule-temporal";
import { assertNever, instant, type Instant } from "../ids.ts";
import type { Calendar, NumberRange, Recurrence, Weekday } from "./calendar.ts";
import { openPeriods, type Period } from "./open-periods.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type Kind = Recurrence["kind"];
/** Without the text that people read. */
export type AnyForm = { [K in Kind]: Form<K> }[Kind];

/** With both kinds of change, by an hour and by half an hour, at midnight, and none at all. */
const ZONES = [
  "America/New_York",
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "America/Havana",
  "Africa/Cairo",
  "Asia/Kolkata",
  "UTC",
  "-05:00",
] as const;

export const at = (text: string): Instant => instant(Temporal.Instant.from(text).epochMilliseconds);

/** The next periods of one recurrence that allows, in UTC: `2026-11-24T15:00 to 17:00`. */
export const periodsOf = (
  zone: string,
  form: AnyForm,
  from: string,
  count: number,
): readonly string[] => {
  const recurrence = { ...form, text: form.kind } as Recurrence;
  const calendar = { name: "c", zone, allow: [recurrence], deny: [], spreadMs: 0 };
  return openPeriods(calendar, at(from), count).map(periodText);
};

const periodText = ({ from, to }: Period): string => {
  const [begin, end] = [utcText(from), to === null ? "never" : utcText(to)];
  return `${begin} to ${end.startsWith(begin.slice(0, 11)) ? end.slice(11) : end}`;
};

const utcText = (moment: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(moment)
    .toString()
    .replace(/(?::00)?Z$/u, "");

const pad = (value: number): string => String(value).padStart(2, "0");
const clock = fc
  .tuple(fc.nat(23), fc.constantFrom(0, 0, 15, 30, 59))
  .map(([hour, minute]) => `${pad(hour)}:${pad(minute)}`);
const date = fc
  .tuple(fc.integer({ min: 2025, max: 2028 }), fc.integer({ min: 1, max: 12 }), fc.nat(27))
  .map(([year, month, day]) => `${year}-${pad(month)}-${pad(day + 1)}`);
const localDateTime = fc.tuple(date, clock).map(([day, time]) => `${day}T${time}`);
const weekday = fc.integer({ min: 1, max: 7 }).map((day) => day as Weekday);
const duration = fc
  .constantFrom(15, 60, 90, 120, 480, 1_440, 1_500, 4_320, 10_080)
  .map((minutes) => minutes * MINUTE);

const range = (min: number, max: number): fc.Arbitrary<NumberRange> =>
  fc
    .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
    .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));
const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.oneof(fc.constant([]), fc.array(one, { minLength: 1, maxLength: 2 }));

/** Plain fields and those that only croner reads. */
const cronExpression = fc
  .tuple(
    fc.constantFrom("0", "30", "0,45", "5-15/10"),
    fc.constantFrom("0", "2", "1-3", "*/6", "9,17", "*"),
    fc.constantFrom("*", "*", "1", "28-31", "*/7", "L", "15W", "1,15"),
    fc.constantFrom("*", "*", "*", "1-6", "3,11", "2", "MAR,nov"),
    fc.constantFrom("*", "*", "1-5", "0", "7", "2,4", "MON-FRI", "sat,SUN", "FRI#2", "5L", "*/2"),
  )
  .map((fields) => fields.join(" "));

const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
const byDay = fc.subarray(WEEKDAYS, { minLength: 1, maxLength: 3 }).map((days) => days.join(","));
const nthDay = fc
  .tuple(fc.constantFrom(1, 2, 5, -1, -2), fc.constantFrom(...WEEKDAYS))
  .map(([nth, day]) => `${nth}${day}`);
const part = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    fc.constant(""),
    value.map((text) => `;${name}=${text}`),
  );
const until = fc.constantFrom("20260315", "20261101T053000Z", "20270101T100000");

const interval = part("INTERVAL", fc.constantFrom("1", "2", "3"));
const end = fc.oneof(
  part("UNTIL", until),
  part("COUNT", fc.constantFrom("1", "10", "100")),
  fc.constant(""),
);

/** Rules on weeks of the year, of which the library is no judge. */
export const yearWeekRule = fc
  .tuple(
    fc.constantFrom("10", "1,53", "-1", "52,-53", "1,2,3,-2,-1"),
    byDay,
    part("WKST", fc.constantFrom("SU", "MO", "TH")),
    part("BYHOUR", fc.constantFrom("2", "1,14")),
    interval,
    end,
  )
  .map(([weeks, days, ...more]) => `FREQ=YEARLY;BYWEEKNO=${weeks};BYDAY=${days}${more.join("")}`);

/** Rules that are decided by the date, and those that only the library follows. */
export const recurrenceRule = fc
  .oneof(
    fc.tuple(
      fc.constant("DAILY"),
      part("BYMONTH", fc.constantFrom("3", "10,11")),
      part("BYDAY", byDay),
    ),
    fc.tuple(
      fc.constant("WEEKLY"),
      part("BYDAY", byDay),
      part("WKST", fc.constantFrom("SU", "MO")),
    ),
    fc.tuple(
      fc.constant("MONTHLY"),
      fc.oneof(
        part("BYDAY", fc.oneof(byDay, nthDay)),
        part("BYMONTHDAY", fc.constantFrom("1", "31", "-1", "28,-2")),
      ),
      part("BYHOUR", fc.constantFrom("2", "1,14")),
    ),
    fc.tuple(
      fc.constant("YEARLY"),
      part("BYMONTH", fc.constantFrom("3", "2,11")),
      fc.oneof(part("BYMONTHDAY", fc.constantFrom("29", "-1", "1,15")), part("BYDAY", byDay)),
    ),
    fc.tuple(
      fc.constant("MONTHLY;BYDAY=MO,TU,WE,TH,FR"),
      part("BYSETPOS", fc.constantFrom("1", "-1", "2,-2")),
    ),
    fc.tuple(fc.constant("HOURLY;INTERVAL=9")),
  )
  .chain((parts) =>
    fc
      .tuple(parts[0].includes("INTERVAL") ? fc.constant("") : interval, end)
      .map((more) => `FREQ=${parts.join("")}${more.join("")}`),
  );

/** Where a rule begins. */
export const ruleStart = fc
  .tuple(
    fc.constantFrom("2024-02-29", "2025-01-31", "2025-12-30", "2026-03-08", "2026-10-25"),
    fc.constantFrom("01:30", "02:00", "02:30", "10:00", "23:30"),
  )
  .map(([day, time]) => `${day}T${time}`);

type Form<K extends Kind> = Omit<Extract<Recurrence, { kind: K }>, "text">;
const forms: { readonly [K in Kind]: fc.Arbitrary<Form<K>> } = {
  weekly: fc.record({
    kind: fc.constant("weekly" as const),
    days: fc.uniqueArray(weekday, { minLength: 1, maxLength: 7 }),
    from: fc.oneof(clock, fc.constantFrom("01:30", "02:00", "02:15", "02:30")),
    forMs: duration,
  }),
  cron: fc.record({
    kind: fc.constant("cron" as const),
    expression: cronExpression,
    forMs: duration,
  }),
  rrule: fc.record({
    kind: fc.constant("rrule" as const),
    start: ruleStart,
    rule: fc.oneof(
      { weight: 6, arbitrary: recurrenceRule },
      { weight: 1, arbitrary: yearWeekRule },
    ),
    except: some(fc.oneof(localDateTime, ruleStart)),
    also: some(localDateTime),
    forMs: duration,
  }),
  monthDays: fc.record({
    kind: fc.constant("monthDays" as const),
    first: fc.constantFrom(1, 5, 15, 28, 29, 30, 31),
    last: fc.constantFrom(1, 3, 14, 28, 29, 31),
  }),
  interval: fc.record({
    kind: fc.constant("interval" as const),
    times: some(
      fc
        .tuple(clock, fc.oneof(clock, fc.constant("24:00")))
        .map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a === b ? "24:00" : a })),
    ),
    weekdays: some(range(1, 7)),
    daysOfMonth: some(fc.oneof(range(1, 31), range(-31, -1), fc.constant({ first: 5, last: -3 }))),
    months: some(range(1, 12)),
    years: fc.oneof(fc.constant([]), fc.constant([{ first: 2026, last: 2027 }])),
  }),
  days: fc.record({
    kind: fc.constant("days" as const),
    days: fc.array(
      fc.tuple(date, fc.nat(5)).map(([first, more]) => ({
        first,
        last: Temporal.PlainDate.from(first).add({ days: more }).toString(),
        name: "holiday",
      })),
      { minLength: 1, maxLength: 20 },
    ),
  }),
  once: fc
    .tuple(fc.integer({ min: 0, max: 400 * 24 }), fc.constantFrom(1, 36, 500))
    .map(([hours, length]) => ({
      kind: "once" as const,
      from: instant(at("2026-01-01T00:30:00Z") + hours * HOUR),
      to: instant(at("2026-01-01T00:30:00Z") + (hours + length) * HOUR),
    })),
};

export const recurrence: fc.Arbitrary<Recurrence> = fc
  .oneof(...Object.values<fc.Arbitrary<Form<Kind>>>(forms))
  .map((form) => ({ ...form, text: form.kind }) as Recurrence);

export const calendar: fc.Arbitrary<Calendar> = fc.record({
  name: fc.constant("release-days"),
  zone: fc.constantFrom(...ZONES),
  allow: fc.array(recurrence, { maxLength: 4 }),
  deny: fc.array(recurrence, { maxLength: 3 }),
  spreadMs: fc.constant(0),
});

/** From midnight in UTC: months with changes of the clocks, leap days and year ends among them. */
export const month = fc
  .constantFrom(
    "2026-03",
    "2026-04",
    "2026-10",
    "2026-11",
    "2027-03",
    "2028-02",
    "2026-12",
    "2026-06",
  )
  .map((text) => at(`${text}-01T00:00:00Z`));

/** For each of the minutes from `from` on: does the calendar's side hold. */
export const heldByMinute = (
  recurrences: readonly Recurrence[],
  zone: string,
  from: Instant,
  minutes: number,
): readonly boolean[] => {
  const held = Array.from({ length: minutes }, () => false);
  const isLocal = (one: Recurrence): one is Local =>
    one.kind === "monthDays" || one.kind === "interval" || one.kind === "days";
  const locals = recurrences.filter(isLocal);
  // Wherever clocks are, and whenever they are set, is a whole number of quarters of an hour.
  for (let index = 0; locals.length > 0 && index < minutes; index += 15) {
    const moment = Temporal.Instant.fromEpochMilliseconds(from + index * MINUTE);
    const local = moment.toZonedDateTimeISO(zone);
    const today = locals.filter((one) => holdsOnDay(one, local));
    for (let more = 0; more < 15 && today.length > 0; more += 1) {
      const time = `${pad(local.hour)}:${pad(local.minute + more)}`;
      held[index + more] = today.some((one) => holdsAt(one, time));
    }
  }
  for (const one of recurrences) {
    if (!isLocal(one)) {
      for (const [begin, end] of spansOf(one, zone, from, minutes)) {
        const first = Math.max(0, Math.ceil((begin - from) / MINUTE));
        for (let index = first; index < Math.min(minutes, (end - from) / MINUTE); index += 1) {
          held[index] = true;
        }
      }
    }
  }
  return held;
};

type Local = Extract<Recurrence, { kind: "monthDays" | "interval" | "days" }>;

const holdsOnDay = (one: Local, moment: Temporal.ZonedDateTime): boolean => {
  const { day } = moment;
  if (one.kind === "monthDays") {
    return one.first <= one.last
      ? one.first <= day && day <= one.last
      : day >= one.first || day <= one.last;
  }
  if (one.kind === "days") {
    const today = moment.toPlainDate().toString();
    return one.days.some(({ first, last }) => first <= today && today <= last);
  }
  const inRange = (ranges: readonly NumberRange[], value: number): boolean =>
    ranges.length === 0 || ranges.some(({ first, last }) => first <= value && value <= last);
  const { daysInMonth } = moment;
  const fromStart = (value: number): number => (value < 0 ? daysInMonth + 1 + value : value);
  const days = one.daysOfMonth.map(({ first, last }) => ({
    first: fromStart(first),
    last: fromStart(last),
  }));
  return (
    inRange(one.weekdays, moment.dayOfWeek) &&
    inRange(days, day) &&
    inRange(one.months, moment.month) &&
    inRange(one.years, moment.year)
  );
};

const holdsAt = (one: Local, time: string): boolean =>
  one.kind !== "interval" ||
  one.times.length === 0 ||
  one.times.some(({ from, to }) => from <= time && time < to);

const spansOf = (
  one: Extract<Recurrence, { kind: "weekly" | "cron" | "rrule" | "once" }>,
  zone: string,
  from: Instant,
  minutes: number,
): readonly (readonly [number, number])[] => {
  if (one.kind === "once") return [[one.from, one.to]];
  const first = Temporal.Instant.fromEpochMilliseconds(from - one.forMs - 3 * DAY);
  const last = Temporal.Instant.fromEpochMilliseconds(from + minutes * MINUTE + 2 * DAY);
  return localStarts(one, zone, first, last).map((start) => {
    const moment = momentOf(start, zone);
    return [moment, moment + one.forMs] as const;
  });
};

/** In a gap: the moment after it. In an overlap: the first. */
const momentOf = (start: Temporal.PlainDateTime, zone: string): number => {
  const earlier = start.toZonedDateTime(zone, { disambiguation: "earlier" });
  if (earlier.toPlainDateTime().equals(start)) return earlier.epochMilliseconds;
  return earlier.getTimeZoneTransition("next")?.epochMilliseconds ?? Number.NaN;
};

const localStarts = (
  one: Extract<Recurrence, { kind: "weekly" | "cron" | "rrule" }>,
  zone: string,
  first: Temporal.Instant,
  last: Temporal.Instant,
): readonly Temporal.PlainDateTime[] => {
  const utc = (moment: Temporal.Instant): Temporal.ZonedDateTime =>
    moment.toZonedDateTimeISO("UTC");
  switch (one.kind) {
    case "weekly": {
      const starts: Temporal.PlainDateTime[] = [];
      const end = utc(last).toPlainDate();
      for (
        let day = utc(first).toPlainDate();
        Temporal.PlainDate.compare(day, end) <= 0;
        day = day.add({ days: 1 })
      ) {
        if (one.days.some((weekday) => weekday === day.dayOfWeek)) {
          starts.push(day.toPlainDateTime(one.from));
        }
      }
      return starts;
    }
    case "cron": {
      const cron = new Cron(one.expression, { utcOffset: 0 });
      const starts: Temporal.PlainDateTime[] = [];
      for (
        let next = cron.nextRun(first.toString());
        next !== null && next.getTime() <= last.epochMilliseconds;
        next = cron.nextRun(next)
      ) {
        starts.push(utc(Temporal.Instant.fromEpochMilliseconds(next.getTime())).toPlainDateTime());
      }
      return starts;
    }
    case "rrule":
      return ruleStarts(one, zone, utc(first), utc(last));
    default:
      return assertNever(one);
  }
};

const libraryStarts = (
  { start, rule }: { readonly start: string; readonly rule: string },
  first: Temporal.ZonedDateTime,
  last: Temporal.ZonedDateTime,
): readonly Temporal.PlainDateTime[] =>
  new RRuleTemporal({
    rruleString: rule.replace(/(UNTIL=\d+T\d+)$/u, "$1Z"),
    dtstart: Temporal.PlainDateTime.from(start).toZonedDateTime("UTC"),
  })
    .between(first, last, true)
    .map((one) => Temporal.PlainDateTime.from(one.toString().slice(0, 19)));

/** The weeks of each year in turn: the first holds 4 January. Up to `last`. */
export const yearWeekStarts = (
  { start, rule }: { readonly start: string; readonly rule: string },
  last: Temporal.PlainDateTime,
): readonly Temporal.PlainDateTime[] => {
  const parts = new Map(rule.split(";").map((one) => one.split("=") as [string, string]));
  const listOf = (name: string): readonly string[] => parts.get(name)?.split(",") ?? [];
  const weekdays = listOf("BYDAY").map((day) => WEEKDAYS.indexOf(day));
  const dtstart = Temporal.PlainDateTime.from(start);
  const weekStart = WEEKDAYS.indexOf(parts.get("WKST") ?? "MO");
  const firstWeek = (year: number): Temporal.PlainDate => {
    const fourth = new Temporal.PlainDate(year, 1, 4);
    return fourth.subtract({ days: (fourth.dayOfWeek - 1 - weekStart + 7) % 7 });
  };
  const starts: Temporal.PlainDateTime[] = [];
  // The start may lie in the last week of the year before, or in the first of the year after.
  const anchor =
    [1, 0]
      .map((more) => dtstart.year + more)
      .find((year) => Temporal.PlainDate.compare(firstWeek(year), dtstart.toPlainDate()) <= 0) ??
    dtstart.year - 1;
  for (let year = anchor; year <= last.year + 1; year += Number(parts.get("INTERVAL") ?? 1)) {
    const begin = firstWeek(year);
    const count = begin.until(firstWeek(year + 1)).days / 7;
    const numbers = listOf("BYWEEKNO").map((text) =>
      Number(text) < 0 ? count + 1 + Number(text) : Number(text),
    );
    for (let number = 1; number <= count; number += 1) {
      if (!numbers.includes(number)) continue;
      for (let day = 0; day < 7; day += 1) {
        const date = begin.add({ days: 7 * (number - 1) + day });
        if (!weekdays.includes(date.dayOfWeek - 1)) continue;
        const hours = parts.has("BYHOUR") ? listOf("BYHOUR").map(Number) : [dtstart.hour];
        starts.push(...hours.map((hour) => date.toPlainDateTime({ hour, minute: dtstart.minute })));
      }
    }
  }
  const until = parts.get("UNTIL");
  const end = until === undefined ? last : untilOf(until);
  const compare = Temporal.PlainDateTime.compare;
  return starts
    .filter((one) => compare(one, dtstart) >= 0)
    .slice(0, Number(parts.get("COUNT") ?? starts.length))
    .filter((one) => compare(one, end) <= 0 && compare(one, last) <= 0);
};

/** A date stands for its whole day. */
const untilOf = (text: string): Temporal.PlainDateTime =>
  text.includes("T")
    ? Temporal.PlainDateTime.from(text.replace("Z", ""))
    : Temporal.PlainDate.from(text).toPlainDateTime("23:59");

const ruleStarts = (
  one: Extract<Recurrence, { kind: "rrule" }>,
  zone: string,
  first: Temporal.ZonedDateTime,
  last: Temporal.ZonedDateTime,
): readonly Temporal.PlainDateTime[] => {
  const zulu = /;UNTIL=(\d+T\d+Z)/u.exec(one.rule);
  const end = zulu === null ? null : Temporal.Instant.from(zulu[1] ?? "");
  const endless = { start: one.start, rule: one.rule.replace(zulu?.[0] ?? "", "") };
  const generated = (
    one.rule.includes("BYWEEKNO")
      ? yearWeekStarts(endless, last.toPlainDateTime())
      : libraryStarts(endless, first, last)
  ).filter((start) => end === null || momentOf(start, zone) <= end.epochMilliseconds);
  const gone = new Set(one.except.map((text) => Temporal.PlainDateTime.from(text).toString()));
  const added = one.also.map((text) => Temporal.PlainDateTime.from(text));
  return [...generated, ...added].filter((start) => !gone.has(start.toString()));
};
