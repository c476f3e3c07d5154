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
      return lasting(recurrence, weeklyStarts(recurrence), line);
    case "cron":
      return lasting(recurrence, cronStarts(recurrence.expression), line);
    case "rrule":
      return lasting(recurrence, ruleStarts(recurrence, line, horizon), line);
    case "monthDays":
      return spanning(recurrence, monthDaySpans(recurrence), line);
    case "interval":
      return spanning(recurrence, intervalSpans(recurrence), line);
    case "days":
      return spanning(recurrence, listedSpans(recurrence), line);
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

/** What begins on the local clock and then lasts for a time that has passed everywhere. */
const lasting = (
  recurrence: Recurrence & { readonly forMs: DurationMs },
  starts: Starts,
  line: ZoneLine,
): Source => {
  const forMs = Math.min(recurrence.forMs, MAX_DURATION_MS);
  const endOf = (at: number): number => {
    // All last equally long, so of those that have begun the last one ends last. A day more,
    // since clocks may have been set meanwhile.
    const reached = reachedBy(line, at);
    const start = forMs > 0 ? starts.upTo(reached, reached - forMs - DAY_MS) : null;
    return start === null ? at : Math.max(at, line.momentOf(start) + forMs);
  };
  return {
    endOf,
    after: (at, limit) => {
      const offsetMs = line.pieceAt(at).offsetMs;
      const start = forMs > 0 ? starts.after(reachedBy(line, at), limit + offsetMs + DAY_MS) : null;
      const begin = start === null ? limit : line.momentOf(start);
      return begin < limit ? begin : null;
    },
    heldBy: (at) => (endOf(at) > at ? [recurrence] : []),
    week: starts.weekly === null ? null : { ...starts.weekly, recurrence, forMs },
    cost: starts.cost,
  };
};

/** What holds by the local clock: asked piece by piece, each with one distance from UTC. */
const spanning = (recurrence: Recurrence, spans: Spans, line: ZoneLine): Source => {
  const endOf = (at: number, limit: number): number => {
    const { to, offsetMs } = line.pieceAt(at);
    return Math.min(to, spans.endOf(at + offsetMs, Math.min(to, limit) + offsetMs) - offsetMs);
  };
  const after = (at: number, limit: number): number | null => {
    let from = at;
    while (from < limit) {
      const { to, offsetMs } = line.pieceAt(from);
      const start = spans.after(from + offsetMs, Math.min(to, limit) + offsetMs);
      if (start !== null) return start - offsetMs;
      // The clocks may have been set right into a span.
      if (to < limit && endOf(to, limit) > to) return to;
      from = to;
    }
    return null;
  };
  const heldBy = (at: number): readonly Recurrence[] =>
    endOf(at, at + 1) > at ? [recurrence] : [];
  return { endOf, after, heldBy, week: null, cost: 1 };
};

const onceSource = (recurrence: Extract<Recurrence, { kind: "once" }>): Source => {
  const { from, to } = recurrence;
  return {
    endOf: (at) => (from <= at ? Math.max(at, to) : at),
    after: (at, limit) => (from > at && from < Math.min(limit, to) ? from : null),
    heldBy: (at) => (from <= at && at < to ? [recurrence] : []),
    week: null,
    cost: 1,
  };
};
