// Cron expressions as starts in local time. Croner is asked in UTC, where no hour is missing or
// doubled: by itself it leaves out what `*/15` would do in a gap, and does it twice in an overlap.
// Here both are zone-line.ts's business, the same for every form. Croner searches slowly, so it is
// asked for days alone where the times of day can be read without it.

import { Cron } from "croner";
import { DAY_MS, MINUTE_MS, dayOfLocal } from "./civil.ts";
import { timeFrom, timeUpTo, type ClockTimes } from "./clock-times.ts";
import { plainCron, plainTimes } from "./plain-cron.ts";
import { searchedStarts } from "./searched-starts.ts";
import { UnreadableRule, fromLibrary, patternStarts, type Starts } from "./starts.ts";

const MAX_LENGTH = 200;
const SECOND_MS = 1_000;
const LAST_MINUTE = 1_439;

/** Throws UnreadableRule where croner refuses the expression. */
export const cronStarts = (expression: string): Starts => {
  if (expression.length > MAX_LENGTH) {
    throw new UnreadableRule(`expected at most ${MAX_LENGTH} characters, found more`);
  }
  const plain = plainCron(expression);
  if (plain !== null) return patternStarts(plain.days, plain.times);
  const cron = cronOf(expression);
  const [minute = "", hour = "", ...days] = expression.split(" ");
  const times = days.length === 3 ? plainTimes(minute, hour) : null;
  return times === null
    ? searched(cron)
    : atTimes(searched(cronOf(["0 0", ...days].join(" "))), times);
};

const cronOf = (expression: string): Cron =>
  fromLibrary(() => new Cron(expression, { mode: "5-part", utcOffset: 0 }));

/** Croner reads whole seconds, and no window begins between two. */
const searched = (cron: Cron): Starts =>
  searchedStarts({
    next: (local, count) =>
      fromLibrary(() => cron.nextRuns(count, isoText(local)).map((one) => one.getTime())),
    previous: (local) =>
      fromLibrary(() => cron.previousRuns(1, isoText(local + SECOND_MS))[0]?.getTime() ?? null),
  });

/** `days` begin at midnight; on each it begins at every one of `times`, of which there are some. */
const atTimes = (days: Starts, times: ClockTimes): Starts => ({
  upTo: (local, notBefore) => {
    const midnight = dayOfLocal(local) * DAY_MS;
    const earliest = dayOfLocal(notBefore) * DAY_MS;
    const today = timeUpTo(times, Math.floor((local - midnight) / MINUTE_MS));
    const day = days.upTo(today < 0 ? midnight - 1 : midnight, earliest);
    if (day === null) return null;
    const time = day === midnight ? today : timeUpTo(times, LAST_MINUTE);
    const found = day + time * MINUTE_MS;
    return found >= notBefore ? found : null;
  },
  after: (local, limit) => {
    const minute = Math.floor(local / MINUTE_MS) + 1;
    const midnight = dayOfLocal(minute * MINUTE_MS) * DAY_MS;
    const today = timeFrom(times, minute - midnight / MINUTE_MS);
    const day = days.after(today < 0 ? midnight : midnight - 1, limit);
    if (day === null) return null;
    const found = day + (day === midnight ? today : timeFrom(times, 0)) * MINUTE_MS;
    return found < limit ? found : null;
  },
  weekly: null,
  cost: days.cost,
});

const isoText = (local: number): string =>
  Temporal.Instant.fromEpochMilliseconds(local).toString({ smallestUnit: "second" });
