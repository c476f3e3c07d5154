// One recurrence as something to be asked about moments in UTC: does it hold, and when will it
// begin. Every form of recurrence is made into that here.

import { assertNever, type DurationMs } from "../ids.ts";
import type { Recurrence } from "./calendar.ts";
import { DAY_MS, dayOf, readClock } from "./civil.ts";
import { oneTime } from "./clock-times.ts";
import { cronStarts } from "./cron-starts.ts";
import { dayPattern } from "./day-pattern.ts";
import { ruleStarts } from "./rule-starts.ts";
import { intervalSpans, listedSpans, monthDaySpans, type Spans } from "./spans.ts";
import { patternStarts, type Starts, type WeeklyTimes } from "./starts.ts";
import { reachedBy, type ZoneLine } from "./zone-line.ts";

export interface Source {
  /** Where the period that holds `at` ends, or an earlier end that another period adjoins; `at`
   * itself where none holds it. Nobody asks beyond `limit`. */
  readonly endOf: (at: number, limit: number) => number;
  /** The first begin after `at`, which no period holds, and before `limit`; null: none. */
  readonly after: (at: number, limit: number) => number | null;
  /** Who holds `at`. */
  readonly heldBy: (at: number) => readonly Recurrence[];
  /** Where it begins at the same times every week and always lasts the same time. */
  readonly week: WeekPart | null;
  /** See Starts. */
  readonly cost: number;
}

export interface WeekPart extends WeeklyTimes {
  readonly recurrence: Recurrence;
  readonly forMs: DurationMs;
}

/** The longest that anything lasts; what is longer is cut, so that looking back has an end. */
const MAX_DURATION_MS = 1_830 * DAY_MS;
const YEAR_2200_MS = dayOf(2200, 1, 1) * DAY_MS;

/** Good for moments before `horizon`. Throws UnreadableRule. */
export const sourceOf = (
  recurrence: Recurrence,
  line: ZoneLine,
  horizon: number = YEAR_2200_MS,
): Source => {
  switch (recurrence.kind) {
    case "weekly":
      return new Lasting(recurrence, recurrence.forMs, weeklyStarts(recurrence), line);
    case "cron":
      return new Lasting(recurrence, recurrence.forMs, cronStarts(recurrence.expression), line);
    case "rrule": {
      const starts = ruleStarts(recurrence, line, horizon);
      return new Lasting(recurrence, recurrence.forMs, starts, line);
    }
    case "monthDays":
      return new Spanning(recurrence, monthDaySpans(recurrence), line);
    case "interval":
      return new Spanning(recurrence, intervalSpans(recurrence), line);
    case "days":
      return new Spanning(recurrence, listedSpans(recurrence), line);
    case "once":
      return onceSource(recurrence);
    default:
      return assertNever(recurrence);
  }
};

const weeklyStarts = ({ days, from }: Extract<Recurrence, { kind: "weekly" }>): Starts => {
  const weekdays = days.reduce((bits, day) => bits | (1 << (day - 1)), 0);
  return patternStarts(dayPattern({ weekdays }), oneTime(readClock(from) / 60_000));
};

// A calendar may have a thousand of them, and each is made anew for every calendar that is read:
// as classes they are an object each, where closures would be five.

/** What begins on the local clock and then lasts for a time that has passed everywhere. */
class Lasting implements Source {
  readonly cost: number;
  readonly #recurrence: Recurrence;
  readonly #forMs: DurationMs;
  readonly #starts: Starts;
  readonly #line: ZoneLine;

  constructor(recurrence: Recurrence, forMs: DurationMs, starts: Starts, line: ZoneLine) {
    this.cost = starts.cost;
    this.#recurrence = recurrence;
    this.#forMs = Math.min(forMs, MAX_DURATION_MS);
    this.#starts = starts;
    this.#line = line;
  }

  get week(): WeekPart | null {
    const { weekly } = this.#starts;
    return weekly === null ? null : { ...weekly, recurrence: this.#recurrence, forMs: this.#forMs };
  }

  endOf(at: number): number {
    // All last equally long, so of those that have begun the last one ends last. A day more,
    // since clocks may have been set meanwhile.
    const forMs = this.#forMs;
    const reached = reachedBy(this.#line, at);
    const start = forMs > 0 ? this.#starts.upTo(reached, reached - forMs - DAY_MS) : null;
    return start === null ? at : Math.max(at, this.#line.momentOf(start) + forMs);
  }

  after(at: number, limit: number): number | null {
    if (this.#forMs <= 0) return null;
    const { offsetMs } = this.#line.pieceAt(at);
    const start = this.#starts.after(reachedBy(this.#line, at), limit + offsetMs + DAY_MS);
    const begin = start === null ? limit : this.#line.momentOf(start);
    return begin < limit ? begin : null;
  }

  heldBy(at: number): readonly Recurrence[] {
    return this.endOf(at) > at ? [this.#recurrence] : NOBODY;
  }
}

/** What holds by the local clock: asked piece by piece, each with one distance from UTC. */
class Spanning implements Source {
  readonly week = null;
  readonly cost = 1;
  readonly #recurrence: Recurrence;
  readonly #spans: Spans;
  readonly #line: ZoneLine;

  constructor(recurrence: Recurrence, spans: Spans, line: ZoneLine) {
    this.#recurrence = recurrence;
    this.#spans = spans;
    this.#line = line;
  }

  endOf(at: number, limit: number): number {
    const { to, offsetMs } = this.#line.pieceAt(at);
    const end = this.#spans.endOf(at + offsetMs, Math.min(to, limit) + offsetMs) - offsetMs;
    return Math.min(to, end);
  }

  after(at: number, limit: number): number | null {
    let from = at;
    while (from < limit) {
      const { to, offsetMs } = this.#line.pieceAt(from);
      const start = this.#spans.after(from + offsetMs, Math.min(to, limit) + offsetMs);
      if (start !== null) return start - offsetMs;
      // The clocks may have been set right into a span.
      if (to < limit && this.endOf(to, limit) > to) return to;
      from = to;
    }
    return null;
  }

  heldBy(at: number): readonly Recurrence[] {
    return this.endOf(at, at + 1) > at ? [this.#recurrence] : NOBODY;
  }
}

const NOBODY: readonly Recurrence[] = [];

const onceSource = (recurrence: Extract<Recurrence, { kind: "once" }>): Source => {
  const { from, to } = recurrence;
  return {
    endOf: (at) => (from <= at ? Math.max(at, to) : at),
    after: (at, limit) => (from > at && from < Math.min(limit, to) ? from : null),
    heldBy: (at) => (from <= at && at < to ? [recurrence] : NOBODY),
    week: null,
    cost: 1,
  };
};
