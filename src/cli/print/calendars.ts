// Calendars, and the answer to "may I deploy then, and if not, when": each moment on the clock of
// the place and in UTC.

import type {
  CalendarBrief,
  CalendarList,
  CalendarView,
  MayDeployView,
  PeriodView,
  TimeRuleView,
} from "../../api/contract/calendars.ts";
import { duration } from "./amounts.ts";
import { bothClocks, distance, momentText, utc } from "./moments.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { table } from "./table.ts";
import { clean, wrap } from "./width.ts";

export const renderCalendars = ({ calendars }: CalendarList, options: PrintOptions): string => {
  if (calendars.length === 0) return "No calendar is defined.";
  const paint = paintFor(options.colour);
  const columns = [
    { title: "CALENDAR" },
    { title: "NOW" },
    { title: "UNTIL" },
    { title: "ASKED BY", gives: true },
  ];
  const rows = calendars.map((calendar) => [
    { text: calendar.name, ink: paint.bold },
    { text: calendar.open ? "open" : "closed", ink: calendar.open ? paint.green : paint.yellow },
    { text: calendar.until === null ? "for years" : calendar.until.local, ink: paint.dim },
    { text: calendar.askedBy.length === 0 ? "nobody" : calendar.askedBy.join(", ") },
  ]);
  return table(columns, rows, options.columns, paint);
};

export const renderCalendar = (view: CalendarView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const rows: readonly (readonly [string, string])[] = [
    ...view.allow.map((text) => ["allows", text] as const),
    ...(view.allow.length === 0 ? [["allows", "whatever nothing denies"] as const] : []),
    ...view.deny.map((text) => ["denies", text] as const),
    ...(view.spreadMs === 0
      ? []
      : [["spread", `waiting runs begin within ${duration(view.spreadMs)} of it`] as const]),
    ["asked by", view.askedBy.length === 0 ? "nobody" : view.askedBy.join(", ")],
    ...view.periods.map((period) => ["open", periodText(period)] as const),
  ];
  let before = "";
  const lines = rows.flatMap(([name, text]) => {
    const label = name === before ? "" : name;
    before = name;
    return wrap(clean(text), options.columns - 12).map(
      (line, at) => `  ${paint.dim((at === 0 ? label : "").padEnd(8))}  ${line}`,
    );
  });
  return [headLine(view, paint), ...nowLines(view, options, paint), ...lines].join("\n");
};

const headLine = (view: CalendarBrief, paint: Paint): string =>
  `${paint.bold(clean(view.name))} ${paint.dim(clean(view.zone))}`;

const nowLines = (view: CalendarView, options: PrintOptions, paint: Paint): readonly string[] => {
  const [mark, word] = view.open ? [paint.green("✔"), "open"] : [paint.yellow("○"), "closed"];
  const end =
    view.until === null
      ? ", and nothing changes that"
      : ` until ${momentText(view.until, options.now)}`;
  const reasons = view.open ? [] : closedTexts(view.reasons);
  return [
    `  ${mark} ${word}${end}`,
    ...reasons.flatMap((text) =>
      wrap(clean(text), options.columns - 4).map((line) => `    ${paint.dim(line)}`),
    ),
  ];
};

/** When it opens is said beside it, on both clocks. */
const closedTexts = (reasons: TimeRuleView["reasons"]): readonly string[] =>
  reasons.filter(({ code }) => code !== "calendar-opens").map(({ text }) => text);

/** `Tue 2026-11-24 10:00 -05:00 (2026-11-24 15:00Z) to Tue 2026-11-24 12:00 -05:00 (…)`. */
const periodText = ({ from, to }: PeriodView): string =>
  to === null
    ? `from ${bothClocks(from)} on`
    : `${bothClocks(from)}, for ${duration(to.at - from.at)}`;

export const renderPeriods = (view: CalendarView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  if (view.periods.length === 0) {
    return `${headLine(view, paint)}\n  ${paint.yellow("it does not open within five years")}`;
  }
  const columns = [
    { title: "OPENS" },
    { title: "CLOSES" },
    { title: "UTC" },
    { title: "FOR", right: true },
  ];
  const rows = view.periods.map(({ from, to }) => [
    { text: from.local, ink: paint.bold },
    { text: to === null ? "not within five years" : endOn(from.local, to.local) },
    { text: to === null ? utc(from.at) : `${utc(from.at)} to ${utcEnd(from.at, to.at)}` },
    { text: to === null ? "" : duration(to.at - from.at), ink: paint.dim },
  ]);
  const last = view.periods.at(-1);
  const few = view.periods.length < USUAL_PERIODS && last?.to != null;
  return [
    headLine(view, paint),
    table(columns, rows, options.columns, paint),
    ...(few ? [paint.dim("it does not open again within five years")] : []),
  ].join("\n");
};

/** So many are asked for; fewer are all there are. */
const USUAL_PERIODS = 10;

/** `12:00`; all of it where the day is another, or the distance from UTC. */
const endOn = (from: string, to: string): string => {
  const [[weekday, date, , offset], end] = [from.split(" "), to.split(" ")];
  const same = weekday === end[0] && date === end[1] && offset === end[3];
  return same ? (end[2] ?? to) : to;
};

/** The time alone where the day is the same. */
const utcEnd = (from: number, to: number): string => {
  const [begin, end] = [utc(from), utc(to)];
  return begin.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end;
};

export const renderMayDeploy = (view: MayDeployView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const yes = view.answer === "allow";
  const mark = yes ? paint.green("✔") : paint.yellow("○");
  const may = yes ? "yes: it may" : "no: it may not";
  const place = `${view.service} to ${view.environment}`;
  return [
    `${mark} ${paint.bold(clean(`${place} at ${bothClocks(view.at)}`))}`,
    `  ${may} begin then`,
    ...view.rules.flatMap((rule) => timeRuleLines(rule, options, paint)),
    ...(yes ? [] : nextLines(view, options)),
    ...rolloutLines(view, options, paint),
  ].join("\n");
};

/** Whether its day has come depends on the release. */
const rolloutLines = (
  view: MayDeployView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] =>
  view.rollout === undefined
    ? []
    : wrap(
        clean(
          `rollout ${view.rollout} has its days besides, counted for each release: ` +
            `sluice phases ${view.service}`,
        ),
        options.columns - 2,
      ).map((line) => `  ${paint.dim(line)}`);

const timeRuleLines = (
  rule: TimeRuleView,
  options: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const yes = rule.answer === "allow";
  const texts = [...closedTexts(rule.reasons), ...untilTexts(rule, options.now)];
  return [
    `  ${yes ? paint.green("✔") : paint.yellow("○")} ${clean(rule.text)}`,
    ...texts.flatMap((text) =>
      wrap(clean(text), options.columns - 4).map((line) => `    ${paint.dim(line)}`),
    ),
  ];
};

/** An open calendar says its end itself, on its own clock. */
const untilTexts = ({ until, reasons }: TimeRuleView, now: number): readonly string[] => {
  if (until === null) return [];
  const said = reasons.some(({ code }) => code === "calendar-open");
  return [
    said
      ? `in UTC until ${utc(until.at)}, ${distance(until.at, now)}`
      : `until ${momentText(until, now)}`,
  ];
};

const nextLines = (view: MayDeployView, options: PrintOptions): readonly string[] => {
  const when =
    view.next === null
      ? neverText(view)
      : `the next moment is ${bothClocks(view.next)}, ${distance(view.next.at, options.now)}`;
  const emergency =
    view.emergency.length === 0
      ? []
      : [`in an emergency these may: ${view.emergency.join(", ")} (sluice deploy … --emergency)`];
  return ["", ...[when, ...emergency].flatMap((text) => wrap(clean(text), options.columns))];
};

/** Why is said beside the rules. */
const neverText = ({ rules }: MayDeployView): string =>
  rules.some(({ reasons }) => reasons.some(({ code }) => NEVER.includes(code)))
    ? "never within the next five years"
    : "nobody knows when: not within five years, or only when somebody ends a freeze";
const NEVER = ["calendar-never-opens", "calendars-never-together"];
