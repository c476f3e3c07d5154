// Recurrences made ready to be asked, and kept for as long as the list they stand in is: reading a
// thousand of them takes longer than asking them. What is kept changes no answer, only its time.

import type { Recurrence } from "./calendar.ts";
import { DAY_MS } from "./civil.ts";
import { weekPartOf, weeksFrom } from "./join-weeks.ts";
import { keptStretches, type Sources } from "./kept-stretches.ts";
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
  readonly steady: Sources;
  /** What one question to each of these costs. */
  readonly steadyCost: number;
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
  const weeks = weeksFrom(from);
  const single: Source[] = [];
  const others: ReadSource[] = [];
  for (const recurrence of recurrences) {
    if (weeks.take(weekPartOf(recurrence))) continue;
    const read = readSource(recurrence, line, to + HORIZON_MS);
    if (read.source === null || read.source.cost >= SEARCH_COST) others.push(read);
    else if (!weeks.take(read.source.week)) single.push(read.source);
  }
  const sources = [...weeks.joined(line), ...single];
  return {
    zone,
    from,
    to,
    size: recurrences.length,
    steady: keptStretches(sources),
    steadyCost: sources.reduce((sum, { cost }) => sum + cost, 0),
    others,
  };
};
