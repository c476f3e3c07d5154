// Sources by their places, each with the latest stretch in which it does not hold: of a thousand
// only a few hold or begin between one question and the next. It is kept from answer to answer and
// changes none of them, only their time.

import type { Recurrence } from "./calendar.ts";
import { DAY_MS } from "./civil.ts";
import type { Source } from "./source.ts";

/** The questions of a Source, asked of the one at a place. */
export interface Sources {
  readonly count: number;
  readonly costOf: (place: number) => number;
  readonly endOf: (place: number, at: number, limit: number) => number;
  readonly after: (place: number, at: number, limit: number) => number | null;
  readonly heldBy: (place: number, at: number) => readonly Recurrence[];
}

/** So far it is looked ahead once one is asked again: what comes every month is found. */
const AHEAD_MS = 35 * DAY_MS;

export const keptStretches = (sources: readonly Source[]): Sources => {
  const count = sources.length;
  // Nothing holds from `from` to before `to`. Numbers alone: they cost nothing to make and keep.
  const from = new Float64Array(count);
  const to = new Float64Array(count);
  /** 0: nobody looked further than `to`. */
  const begins = new Uint8Array(count);
  const askedBefore = new Uint8Array(count);
  const isFree = (place: number, at: number): boolean =>
    (from[place] ?? 0) <= at && at < (to[place] ?? 0);
  const look = (place: number, at: number, limit: number): void => {
    const begin = sourceAt(sources, place).after(at, limit);
    from[place] = at;
    to[place] = begin ?? limit;
    begins[place] = begin === null ? 0 : 1;
  };
  return {
    count,
    costOf: (place) => sourceAt(sources, place).cost,
    endOf: (place, at, limit) => {
      if (isFree(place, at)) return at;
      const end = sourceAt(sources, place).endOf(at, limit);
      if (end > at) return end;
      if (askedBefore[place] === 1) look(place, at, at + AHEAD_MS);
      askedBefore[place] = 1;
      return at;
    },
    after: (place, at, limit) => {
      if (!isFree(place, at) || (begins[place] === 0 && limit > (to[place] ?? 0))) {
        const ahead = askedBefore[place] === 1 ? at + AHEAD_MS : limit;
        look(place, at, Math.max(limit, ahead));
      }
      const begin = to[place] ?? 0;
      return begins[place] === 1 && begin < limit ? begin : null;
    },
    heldBy: (place, at) => (isFree(place, at) ? [] : sourceAt(sources, place).heldBy(at)),
  };
};

/** Those of `more` behind those of `sources`. */
export const joined = (sources: Sources, more: readonly Source[]): Sources => {
  if (more.length === 0) return sources;
  const { count } = sources;
  const later = (place: number): Source => sourceAt(more, place - count);
  return {
    count: count + more.length,
    costOf: (place) => (place < count ? sources.costOf(place) : later(place).cost),
    endOf: (place, at, limit) =>
      place < count ? sources.endOf(place, at, limit) : later(place).endOf(at, limit),
    after: (place, at, limit) =>
      place < count ? sources.after(place, at, limit) : later(place).after(at, limit),
    heldBy: (place, at) => (place < count ? sources.heldBy(place, at) : later(place).heldBy(at)),
  };
};

const sourceAt = (sources: readonly Source[], place: number): Source => {
  const source = sources[place];
  if (source === undefined) throw new Error(`there is no source ${place}`);
  return source;
};
