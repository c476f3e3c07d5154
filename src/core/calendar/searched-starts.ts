// Starts that a library searches for. What it found is kept for as long as the source lives, since
// one answer asks about the same stretch several times and then for what comes next, and the next
// answer about all of that again.

import { placeAfter } from "./ordered.ts";
import { SEARCH_COST, type Starts } from "./starts.ts";

export interface Search {
  /** The first `count` after `local`; fewer where there are no more. */
  readonly next: (local: number, count: number) => readonly number[];
  /** The last at or before `local`; null: none. */
  readonly previous: (local: number) => number | null;
}

/** All that begins after `from`, up to the last of `starts`. */
interface Known {
  readonly from: number;
  readonly starts: readonly number[];
  /** True: nothing begins behind them. */
  readonly all: boolean;
}

/** At most so many are looked for at once; at first it is one, since most answers need no more. */
const MAX_AHEAD = 64;
/** Enough for a window that begins twice a day, over all the years that one answer may look at. */
const MAX_KEPT = 4_096;
/** Then it is tried anew from closer by. */
const MAX_TRIES = 8;

export const searchedStarts = (search: Search): Starts => {
  let known: Known = { from: 0, starts: [], all: false };
  const look = (from: number): void => {
    const starts = search.next(from, 1);
    known = { from, starts, all: starts.length === 0 };
  };
  const after = (local: number): number => {
    known = extended(known, local, search);
    if (!reaches(known, local)) look(local);
    return known.starts[placeAfter(known.starts, local)] ?? Number.POSITIVE_INFINITY;
  };
  const upTo = (local: number, notBefore: number): number | null => {
    known = extended(known, local, search);
    if (reaches(known, local)) {
      const found = known.starts[placeAfter(known.starts, local) - 1];
      if (found !== undefined || known.from < notBefore) return found ?? null;
    }
    // Croner looks back to year 0 for what never happens; forward it gives up much sooner.
    if (after(notBefore - 1) > local) return null;
    const found = search.previous(local);
    if (found !== null) known = { from: found - 1, starts: [found], all: false };
    return found;
  };
  return {
    upTo: (local, notBefore) => {
      const found = local < notBefore ? null : upTo(local, notBefore);
      return found !== null && found >= notBefore ? found : null;
    },
    after: (local, limit) => {
      const found = after(local);
      return found < limit ? found : null;
    },
    weekly: null,
    cost: SEARCH_COST,
  };
};

/** Whether all is known from there to the next one behind `local`. */
const reaches = ({ from, starts, all }: Known, local: number): boolean =>
  from <= local && (all || (starts.at(-1) ?? local) > local);

/** Looks on from what is known as long as it leads to `local` soon. */
const extended = (known: Known, local: number, search: Search): Known => {
  let { from, starts, all } = known;
  for (let tries = 0; tries < MAX_TRIES && !reaches({ from, starts, all }, local); tries += 1) {
    const last = starts.at(-1);
    if (last === undefined || local < from) break;
    const kept = starts.slice(-MAX_KEPT);
    if (kept.length < starts.length) from = (kept[0] ?? last) - 1;
    const count = Math.min(MAX_AHEAD, 2 * kept.length);
    const more = search.next(last, count);
    starts = [...kept, ...more];
    all = more.length < count;
  }
  return { from, starts, all };
};
