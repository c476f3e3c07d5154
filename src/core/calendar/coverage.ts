// Several recurrences as one stretch of time: periods that overlap or adjoin are one. How much may
// be looked at for one answer is decided here.

import type { Recurrence } from "./calendar.ts";
import type { Compiled } from "./compiled.ts";
import { joined, type Sources } from "./kept-stretches.ts";
import { readableSource } from "./readable-source.ts";

/** Not pure: it remembers where nothing holds, and counts what it looks at. */
export interface Coverage {
  readonly size: number;
  /** Those that hold at a moment. */
  readonly holding: (at: number) => readonly Recurrence[];
  readonly holds: (at: number) => boolean;
  /** Where the stretch that holds `at` ends; `at` itself where none does. `limit` where it ends
   * there or later, and some moment within it where the budget is used up. */
  readonly until: (at: number, limit: number) => number;
  /** When the first of them begins after `at`, which none holds; `limit` where none does before. */
  readonly after: (at: number, limit: number) => number;
  /** Those that cannot be followed, as far as that has shown. */
  readonly problems: () => readonly Problem[];
}

export interface Problem {
  readonly recurrence: Recurrence;
  readonly text: string;
}

/** Questions that may still be asked. Whoever runs out stops where they are. */
export interface Budget {
  left: number;
}

/** Enough for windows that begin every hour of five years, twice over. */
const LOOKS = 100_000;
/** For one answer, however dear they are, all can be asked a few times. */
const LOOKS_EACH = 8;

interface Questions {
  /** How many will be wanted. */
  readonly answers: number;
  /** What a recurrence is worth that cannot be followed. */
  readonly unreadable: "always" | "never";
}

export const coverageOf = (
  { size, steady, steadyCost, others }: Compiled,
  { unreadable, answers }: Questions,
  budget: Budget,
): Coverage => {
  const read = others.map((one) => readableSource(one, unreadable));
  const sources = joined(
    steady,
    read.map(({ source }) => source),
  );
  const cost = read.reduce((sum, { source }) => sum + source.cost, steadyCost);
  budget.left += LOOKS + cost * LOOKS_EACH * answers;
  const asked = askedOf(sources, budget);
  return {
    size,
    holding: (at) => {
      const found: Recurrence[] = [];
      for (let place = 0; place < sources.count; place += 1) {
        found.push(...sources.heldBy(place, at));
      }
      return found;
    },
    holds: (at) => {
      for (let place = 0; place < sources.count; place += 1) {
        if (asked.endOf(place, at, at + 1) > at) return true;
      }
      return false;
    },
    until: (at, limit) => {
      let end = at;
      let before: number;
      do {
        before = end;
        for (let place = 0; place < sources.count; place += 1) {
          const further = asked.endOf(place, end, limit);
          // Whoever does not carry on is asked when it will, so that the next round passes it by.
          if (further <= end && before > at) asked.after(place, end, limit);
          end = Math.max(end, further);
        }
      } while (before < end && end < limit && budget.left > 0);
      return Math.min(end, limit);
    },
    after: (at, limit) => {
      let first = limit;
      for (let place = 0; place < sources.count; place += 1) {
        first = asked.after(place, at, first);
      }
      return first;
    },
    problems: () =>
      read.flatMap(({ recurrence, problem }) =>
        problem === null ? [] : [{ recurrence, text: problem }],
      ),
  };
};

/** Each with the latest stretch that it is known not to hold. */
interface Asked {
  readonly endOf: (place: number, at: number, limit: number) => number;
  /** `limit` where it does not begin before. */
  readonly after: (place: number, at: number, limit: number) => number;
}

const askedOf = (sources: Sources, budget: Budget): Asked => {
  // Of this answer alone: what another has found out does not make this one cheaper, or what is
  // given up early would depend on it.
  const freeFrom = new Float64Array(sources.count);
  const freeTo = new Float64Array(sources.count);
  /** 0: nobody looked further than `freeTo`. */
  const begins = new Uint8Array(sources.count);
  const isFree = (place: number, at: number): boolean =>
    (freeFrom[place] ?? 0) <= at && at < (freeTo[place] ?? 0);
  return {
    endOf: (place, at, limit) => {
      if (isFree(place, at)) return at;
      budget.left -= sources.costOf(place);
      return sources.endOf(place, at, limit);
    },
    after: (place, at, limit) => {
      const to = freeTo[place] ?? 0;
      if (isFree(place, at) && (begins[place] === 1 || limit <= to)) return Math.min(to, limit);
      budget.left -= sources.costOf(place);
      const begin = sources.after(place, at, limit);
      freeFrom[place] = at;
      freeTo[place] = begin ?? limit;
      begins[place] = begin === null ? 0 : 1;
      return begin ?? limit;
    },
  };
};
