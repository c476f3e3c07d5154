// When something begins, in local time: days and times of day, or whatever a library says, with
// single moments left out and added. How long it lasts then is not known here.

import { DAY_MS, MINUTE_MS, dayOfLocal } from "./civil.ts";
import { timeFrom, timeUpTo, type ClockTimes } from "./clock-times.ts";
import { dayFrom, dayUpTo, fallsOn, type DayPattern } from "./day-pattern.ts";

/** All in local milliseconds (see civil.ts). */
export interface Starts {
  /** The last at or before `local` that is not before `notBefore`; null: none. */
  readonly upTo: (local: number, notBefore: number) => number | null;
  /** The first after `local` and before `limit`; null: none. */
  readonly after: (local: number, limit: number) => number | null;
  /** Where they are the same every week: these. */
  readonly weekly: WeeklyTimes | null;
  /** What one question costs, in those that are answered by arithmetic. */
  readonly cost: number;
}

export interface WeeklyTimes {
  /** Bit 0 is Monday. */
  readonly weekdays: number;
  readonly times: ClockTimes;
  /** Local; infinite: always so. */
  readonly since: number;
}

/** A library searches: this much dearer than arithmetic, as measured. */
export const SEARCH_COST = 20;
const MINUTES_OF_DAY = 1_440;

export const patternStarts = (days: DayPattern, times: ClockTimes): Starts =>
  new PatternStarts(days, times);

/** An object each, where closures would be three: a calendar may have a thousand. */
class PatternStarts implements Starts {
  readonly cost = 1;
  readonly #days: DayPattern;
  readonly #times: ClockTimes;

  constructor(days: DayPattern, times: ClockTimes) {
    this.#days = days;
    this.#times = times;
  }

  get weekly(): WeeklyTimes | null {
    const { byDate, weekdays } = this.#days;
    return byDate ? null : { weekdays, times: this.#times, since: Number.NEGATIVE_INFINITY };
  }

  upTo(local: number, notBefore: number): number | null {
    const [days, times] = [this.#days, this.#times];
    const day = dayOfLocal(local);
    const minute = Math.floor((local - day * DAY_MS) / MINUTE_MS);
    const today = timeUpTo(times, minute);
    const found =
      today >= 0 && fallsOn(days, day)
        ? day * DAY_MS + today * MINUTE_MS
        : onDay(dayUpTo(days, day - 1, dayOfLocal(notBefore)), timeUpTo(times, MINUTES_OF_DAY - 1));
    return found !== null && found >= notBefore ? found : null;
  }

  after(local: number, limit: number): number | null {
    const [days, times] = [this.#days, this.#times];
    const minute = Math.floor(local / MINUTE_MS) + 1;
    const day = Math.floor(minute / MINUTES_OF_DAY);
    const today = timeFrom(times, minute - day * MINUTES_OF_DAY);
    const found =
      today >= 0 && fallsOn(days, day)
        ? day * DAY_MS + today * MINUTE_MS
        : onDay(dayFrom(days, day + 1, dayOfLocal(limit)), timeFrom(times, 0));
    return found !== null && found < limit ? found : null;
  }
}

/** Every so many milliseconds from the first on. */
export const steadyStarts = (first: number, stepMs: number): Starts => {
  const upTo = (local: number): number => first + Math.floor((local - first) / stepMs) * stepMs;
  return {
    upTo: (local, notBefore) => (upTo(local) >= notBefore ? upTo(local) : null),
    after: (local, limit) => (upTo(local) + stepMs < limit ? upTo(local) + stepMs : null),
    weekly: null,
    cost: 1,
  };
};

const onDay = (day: number | null, minute: number): number | null =>
  day === null ? null : day * DAY_MS + minute * MINUTE_MS;

/** Those from `first` to `last`, both inclusive. */
export const within = (starts: Starts, first: number, last: number): Starts =>
  new StartsWithin(starts, first, last);

class StartsWithin implements Starts {
  readonly cost: number;
  readonly #starts: Starts;
  readonly #first: number;
  readonly #last: number;

  constructor(starts: Starts, first: number, last: number) {
    this.cost = starts.cost;
    this.#starts = starts;
    this.#first = first;
    this.#last = last;
  }

  get weekly(): WeeklyTimes | null {
    const { weekly } = this.#starts;
    return weekly === null || this.#last < Infinity ? null : { ...weekly, since: this.#first };
  }

  upTo(local: number, notBefore: number): number | null {
    return this.#starts.upTo(Math.min(local, this.#last), Math.max(notBefore, this.#first));
  }

  after(local: number, limit: number): number | null {
    return this.#starts.after(Math.max(local, this.#first - 1), Math.min(limit, this.#last + 1));
  }
}

/** With `also` among them and without `except`, which wins. */
export const amended = (
  starts: Starts,
  also: readonly number[],
  except: readonly number[],
): Starts => {
  const gone: ReadonlySet<number> = new Set(except);
  const added = also.filter((local) => !gone.has(local)).toSorted((a, b) => a - b);
  return {
    upTo: (local, notBefore) => {
      let found = starts.upTo(local, notBefore);
      // Each turn leaves one exception behind.
      while (found !== null && gone.has(found)) found = starts.upTo(found - 1, notBefore);
      const extra = added.findLast((one) => one <= local && one >= notBefore) ?? null;
      return found === null || extra === null ? (found ?? extra) : Math.max(found, extra);
    },
    after: (local, limit) => {
      let found = starts.after(local, limit);
      while (found !== null && gone.has(found)) found = starts.after(found, limit);
      const extra = added.find((one) => one > local && one < limit) ?? null;
      return found === null || extra === null ? (found ?? extra) : Math.min(found, extra);
    },
    weekly: null,
    cost: starts.cost,
  };
};

/** A rule that its library cannot follow. */
export class UnreadableRule extends Error {
  override readonly name = "UnreadableRule";
}

/** What a library throws says that it cannot follow the rule, be it at once or on the way. */
export const fromLibrary = <T>(ask: () => T): T => {
  try {
    return ask();
  } catch (thrown) {
    throw new UnreadableRule(thrown instanceof Error ? thrown.message : "it cannot be read");
  }
};
