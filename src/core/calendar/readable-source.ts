// A source that answers also where a library gives up: a recurrence that cannot be followed denies
// always and allows never, so that nothing opens by mistake.

import type { Recurrence } from "./calendar.ts";
import { sourceOf, type Source } from "./source.ts";
import { SEARCH_COST, UnreadableRule } from "./starts.ts";
import type { ZoneLine } from "./zone-line.ts";

export interface ReadableSource {
  readonly recurrence: Recurrence;
  readonly source: Source;
  /** Why it cannot be followed, as far as that has shown; null: it can. */
  readonly problem: string | null;
}

export const readableSource = (
  recurrence: Recurrence,
  line: ZoneLine,
  horizon: number,
  unreadable: "always" | "never",
): ReadableSource => {
  try {
    const source = sourceOf(recurrence, line, horizon);
    if (source.cost < SEARCH_COST) return { recurrence, source, problem: null };
    return searchable(recurrence, source, unreadable === "always" ? always(recurrence) : NEVER);
  } catch (thrown) {
    const source = unreadable === "always" ? always(recurrence) : NEVER;
    return { recurrence, source, problem: messageOf(thrown) };
  }
};

/** A search may also fail on its way. */
const searchable = (recurrence: Recurrence, source: Source, instead: Source): ReadableSource => {
  let problem: string | null = null;
  const ask = <T>(question: (of: Source) => T): T => {
    try {
      if (problem === null) return question(source);
    } catch (thrown) {
      problem = messageOf(thrown);
    }
    return question(instead);
  };
  const safe: Source = {
    ...source,
    endOf: (at, limit) => ask((of) => of.endOf(at, limit)),
    after: (at, limit) => ask((of) => of.after(at, limit)),
    heldBy: (at) => ask((of) => of.heldBy(at)),
  };
  return {
    recurrence,
    source: safe,
    get problem() {
      return problem;
    },
  };
};

const messageOf = (thrown: unknown): string => {
  if (thrown instanceof UnreadableRule) return thrown.message;
  throw thrown;
};

const NEVER: Source = {
  endOf: (at) => at,
  after: () => null,
  heldBy: () => [],
  week: null,
  cost: 1,
};

const always = (recurrence: Recurrence): Source => ({
  ...NEVER,
  endOf: (_, limit) => limit,
  heldBy: () => [recurrence],
});
