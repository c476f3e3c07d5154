// What a calendar has answered, kept for as long as the calendar is: an answer is true until the
// moment that it names, so whoever asks within that time need not have it worked out again.

import type { Calendar } from "./calendar.ts";
import type { Instant } from "../ids.ts";
import { placeAfter } from "./ordered.ts";

/** Whether something holds at a moment: that the calendar is open, or that it denies. */
export interface State {
  readonly holds: boolean;
  /** When that changes, or a moment before it where the budget is used up; null: not before the
   * horizon. Always later than the moment that was asked about. */
  readonly until: Instant | null;
}

/** Not pure: it remembers. */
export interface KnownStates {
  /** Null: not known. */
  readonly at: (calendar: Calendar, at: Instant) => State | null;
  /** `state` is true from `at` to the moment that it names, and no longer. */
  readonly learn: (calendar: Calendar, at: Instant, state: State) => void;
}

/** One behind the other, so each holds where the one before does not. */
interface Row {
  /** In order; a state is known between any two. */
  readonly edges: Instant[];
  /** Between the first two. */
  readonly holds: boolean;
}

/** Then the row is begun anew. */
const MAX_EDGES = 2_000;

export const knownStates = (): KnownStates => {
  const rows = new WeakMap<Calendar, Row>();
  return {
    at: (calendar, at) => {
      const row = rows.get(calendar);
      if (row === undefined) return null;
      const next = placeAfter(row.edges, at);
      const until = row.edges[next];
      if (until === undefined || next === 0) return null;
      return { holds: row.holds === (next % 2 === 1), until };
    },
    learn: (calendar, at, { holds, until }) => {
      if (until === null) return;
      const row = rows.get(calendar);
      if (row !== undefined && row.edges.length < MAX_EDGES && row.edges.at(-1) === at) {
        row.edges.push(until);
      } else {
        rows.set(calendar, { edges: [at, until], holds });
      }
    },
  };
};
