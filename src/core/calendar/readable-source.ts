// A source that answers also where a library gives up: a recurrence that cannot be followed denies
// always and allows never, so that nothing opens by mistake.

import type { Recurrence } from "./calendar.ts";
import { sourceOf, type Source } from "./source.ts";
import { UnreadableRule } from "./starts.ts";
import type { ZoneLine } from "./zone-line.ts";

/** A recurrence as far as it can be read. */
export interface ReadSource {
  readonly recurrence: Recurrence;
  /** Null: not at all. */
  readonly source: Source | null;
  /** Why not. */
  readonly problem: string | null;
}

export interface ReadableSource {
  readonly recurrence: Recurrence;
  readonly source: Source;
  /** Why it cannot be followed, as far as that has shown; null: it can. */
  readonly problem: string | null;
}

export const readSource = (recurrence: Recurrence, line: ZoneLine, horizon: number): ReadSource => {
  try {
    return { recurrence, source: sourceOf(recurrence, line, horizon), problem: null };
  } catch (thrown) {
    return { recurrence, source: null, problem: messageOf(thrown) };
  }
};

/** A search may also fail on its way: from then on it is not asked again for this answer. */
export const readableSource = (
  { recurrence, source, problem: known }: ReadSource,
  unreadable: "always" | "never",
): ReadableSource => {
  const instead = unreadable === "always" ? always(recurrence) : NEVER;
  if (source === null) return { recurrence, source: instead, problem: known };
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
    week: null,
    cost: source.cost,
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
