// Recurrences made ready to be asked, and kept for as long as the list they stand in is: reading a
// thousand of them takes longer than asking them. What is kept changes no answer, only its time.

import type { Recurrence } from "./calendar.ts";
import { DAY_MS } from "./civil.ts";
import { joinWeeks } from "./join-weeks.ts";
import { readSource, type ReadSource } from "./readable-source.ts";
import { SEARCH_COST } from "./starts.ts";
import type { Source } from "./source.ts";
import { zoneLine } from "./zone-line.ts";

/** Good for moments from `from` to `to`, and as far behind them as anybody looks. */
export interface Compiled {
  readonly zone: string;
  readonly from: number;
  readonly to: number;
  /** How many there are. */
  readonly size: number;
  /** Answered by arithmetic, those that are the same every week as one. */
  readonly steady: readonly Source[];
  /** Searched for by a library, or not even that. */
  readonly others: readonly ReadSource[];
}

/** Five years and the leap days in them. */
export const HORIZON_MS = 1_827 * DAY_MS;
/** Then they are read anew, so that what is kept of the past has an end. */
const KEPT_MS = 28 * DAY_MS;

/** Nobody can see from an answer what was kept: a law of calendar-laws.test.ts. */
export const compiler = (): ((
  recurrences: readonly Recurrence[],
  zone: string,
  at: number,
) => Compiled) => {
  const known = new WeakMap<readonly Recurrence[], Compiled>();
  return (recurrences, zone, at) => {
    const kept = known.get(recurrences);
    if (kept !== undefined && kept.zone === zone && kept.from <= at && at < kept.to) return kept;
    const compiled = compile(recurrences, zone, Math.floor(at / KEPT_MS) * KEPT_MS);
    known.set(recurrences, compiled);
    return compiled;
  };
};

const compile = (recurrences: readonly Recurrence[], zone: string, from: number): Compiled => {
  const line = zoneLine(zone);
  const to = from + KEPT_MS;
  const steady: Source[] = [];
  const others: ReadSource[] = [];
  for (const recurrence of recurrences) {
    const read = readSource(recurrence, line, to + HORIZON_MS);
    if (read.source !== null && read.source.cost < SEARCH_COST) steady.push(read.source);
    else others.push(read);
  }
  const { length: size } = recurrences;
  return { zone, from, to, size, steady: joinWeeks(steady, line, from), others };
};
