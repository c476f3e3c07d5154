// Several recurrences as one stretch of time: periods that overlap or adjoin are one. How much may
// be looked at for one answer is decided here.

import type { Recurrence } from "./calendar.ts";
import type { Compiled } from "./compiled.ts";
import { readableSource } from "./readable-source.ts";
import type { Source } from "./source.ts";

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
  { size, steady, others }: Compiled,
  { unreadable, answers }: Questions,
  budget: Budget,
): Coverage => {
  const read = others.map((one) => readableSource(one, unreadable));
  const sources = [...steady, ...read.map(({ source }) => source)];
  budget.left += sources.reduce((sum, { cost }) => sum + cost * LOOKS_EACH * answers, LOOKS);
  const all = sources.map((source): Asked => ({ source, freeFrom: 0, freeTo: 0, begins: false }));
  return {
    size,
    holding: (at) => sources.flatMap((source) => source.heldBy(at)),
    holds: (at) => all.some((one) => endOf(one, at, at + 1, budget) > at),
    until: (at, limit) => {
      let end = at;
      let before: number;
      do {
        before = end;
        for (const one of all) {
          const further = endOf(one, end, limit, budget);
          // Whoever does not carry on is asked when it will, so that the next round passes it by.
          if (further <= end && before > at) after(one, end, limit, budget);
          end = Math.max(end, further);
        }
      } while (before < end && end < limit && budget.left > 0);
      return Math.min(end, limit);
    },
    after: (at, limit) => all.reduce((first, one) => after(one, at, first, budget), limit),
    problems: () =>
      read.flatMap(({ recurrence, problem }) =>
        problem === null ? [] : [{ recurrence, text: problem }],
      ),
  };
};

/** A source, and the latest stretch that it is known not to hold. */
interface Asked {
  readonly source: Source;
  freeFrom: number;
  freeTo: number;
  /** False: nobody looked further than `freeTo`. */
  begins: boolean;
}

const endOf = (one: Asked, at: number, limit: number, budget: Budget): number => {
  if (one.freeFrom <= at && at < one.freeTo) return at;
  budget.left -= one.source.cost;
  return one.source.endOf(at, limit);
};

const after = (one: Asked, at: number, limit: number, budget: Budget): number => {
  if (one.freeFrom <= at && at < one.freeTo && (one.begins || limit <= one.freeTo)) {
    return Math.min(one.freeTo, limit);
  }
  budget.left -= one.source.cost;
  const begin = one.source.after(at, limit);
  one.freeFrom = at;
  one.freeTo = begin ?? limit;
  one.begins = begin !== null;
  return one.freeTo;
};
