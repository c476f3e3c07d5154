// What holds at a moment by the local date and time alone: days of the month, intervals, listed
// days. Nothing begins or lasts here: in a repeated hour such a time simply holds twice.

import type { Recurrence } from "./calendar.ts";
import { DAY_MS, dateText, dayOfLocal, readClock, readDate } from "./civil.ts";
import {
  cyclicBits,
  dayFrom,
  dayPattern,
  fallsOn,
  monthDaysOf,
  type DayPattern,
} from "./day-pattern.ts";

/** All in local milliseconds (see civil.ts). */
export interface Spans {
  /** Where the span that holds `local` ends, or an earlier end that another span adjoins; `local`
   * itself where none holds it. Nobody asks beyond `limit`. */
  readonly endOf: (local: number, limit: number) => number;
  /** The first span's start after `local`, which none holds, and before `limit`; null: none. */
  readonly after: (local: number, limit: number) => number | null;
}

type Of<K extends Recurrence["kind"]> = Extract<Recurrence, { kind: K }>;

/** `28` to `3` goes across the month's end. */
export const monthDaySpans = ({ first, last }: Of<"monthDays">): Spans => {
  const ranges =
    first <= last
      ? [{ first, last }]
      : [
          { first, last: 31 },
          { first: 1, last },
        ];
  return patternSpans(dayPattern({ monthDays: monthDaysOf(ranges) }), []);
};

/** Times of day, weekdays and months go round where they end before they begin. */
export const intervalSpans = (interval: Of<"interval">): Spans => {
  const { weekdays, daysOfMonth, months, years } = interval;
  const times = timeSpans(interval);
  const pattern = dayPattern({
    weekdays: weekdays.length === 0 ? null : cyclicBits(weekdays, 7),
    monthDays: daysOfMonth.length === 0 ? null : monthDaysOf(daysOfMonth),
    months: months.length === 0 ? null : cyclicBits(months, 12),
    years,
  });
  return interval.times.length > 0 && times.length === 0 ? NEVER : patternSpans(pattern, times);
};

/** None of them is empty; what goes across midnight is two. */
const timeSpans = (interval: Of<"interval">): readonly TimeSpan[] => {
  const spans: TimeSpan[] = [];
  for (const time of interval.times) {
    const from = readClock(time.from);
    const to = readClock(time.to);
    if (from < to) spans.push({ from, to });
    else if (from > to) spans.push({ from, to: DAY_MS }, { from: 0, to });
  }
  return spans;
};

/** In milliseconds since midnight. */
interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

const NEVER: Spans = { endOf: (local) => local, after: () => null };

/** `times`: none means the whole day. */
const patternSpans = (days: DayPattern, times: readonly TimeSpan[]): Spans =>
  new PatternSpans(days, times);

/** An object each, where closures would be three: a calendar may have a thousand. */
class PatternSpans implements Spans {
  readonly #days: DayPattern;
  readonly #times: readonly TimeSpan[];

  constructor(days: DayPattern, times: readonly TimeSpan[]) {
    this.#days = days;
    this.#times = times;
  }

  endOf(local: number, limit: number): number {
    let day = dayOfLocal(local);
    if (!fallsOn(this.#days, day)) return local;
    if (this.#times.length === 0) {
      // No further than the limit, so no more than the days of five years.
      do day += 1;
      while (day * DAY_MS < limit && fallsOn(this.#days, day));
      return day * DAY_MS;
    }
    const midnight = day * DAY_MS;
    const time = local - midnight;
    let end = local;
    for (const { from, to } of this.#times) {
      if (from <= time && time < to) end = Math.max(end, midnight + to);
    }
    return end;
  }

  after(local: number, limit: number): number | null {
    const today = dayOfLocal(local);
    const later = fallsOn(this.#days, today)
      ? firstTime(this.#times, local - today * DAY_MS)
      : null;
    if (later !== null) return before(today * DAY_MS + later, limit);
    const day = dayFrom(this.#days, today + 1, dayOfLocal(limit));
    return day === null ? null : before(day * DAY_MS + (firstTime(this.#times, -1) ?? 0), limit);
  }
}

const firstTime = (times: readonly TimeSpan[], after: number): number | null =>
  times.reduce<number | null>(
    (first, { from }) => (from > after && (first === null || from < first) ? from : first),
    null,
  );

const before = (local: number, limit: number): number | null => (local < limit ? local : null);

/** Dates of this form are in the order of their text, so most are never read. */
export const listedSpans = ({ days }: Of<"days">): Spans => ({
  endOf: (local) => {
    const today = dateText(dayOfLocal(local));
    let last = "";
    for (const day of days)
      if (day.first <= today && today <= day.last && day.last > last) last = day.last;
    return last === "" ? local : (readDate(last) + 1) * DAY_MS;
  },
  after: (local, limit) => {
    const today = dateText(dayOfLocal(local));
    let first: string | null = null;
    for (const day of days) {
      if (day.first > today && day.first <= day.last && (first === null || day.first < first))
        first = day.first;
    }
    return first === null ? null : before(readDate(first) * DAY_MS, limit);
  },
});
