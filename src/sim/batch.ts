// Many seeds in one process, summed up as plain data that can be sent to another.

import { BUGS, type BugName } from "./bugs.ts";
import { simulate } from "./simulate.ts";

export interface Range {
  readonly first: number;
  readonly seeds: number;
  readonly bug: BugName | null;
}

export interface Totals {
  readonly seeds: number;
  readonly events: number;
  readonly passes: number;
  readonly virtualMs: number;
  readonly failed: readonly { readonly seed: number; readonly reasons: readonly string[] }[];
  /** In how many seeds each event was seen. */
  readonly seen: Readonly<Record<string, number>>;
}

export const NOTHING_YET: Totals = {
  seeds: 0,
  events: 0,
  passes: 0,
  virtualMs: 0,
  failed: [],
  seen: {},
};

export const simulateRange = async ({ first, seeds, bug }: Range): Promise<Totals> => {
  let totals = NOTHING_YET;
  for (let seed = first; seed < first + seeds; seed += 1) {
    const { failures, counts, ...sizes } = await simulate(
      seed,
      bug === null ? {} : { bug: BUGS[bug]() },
    );
    totals = sum(totals, {
      ...sizes,
      seeds: 1,
      failed: failures.length === 0 ? [] : [{ seed, reasons: failures }],
      seen: Object.fromEntries([...counts.keys()].map((name) => [name, 1])),
    });
  }
  return totals;
};

export const sum = (a: Totals, b: Totals): Totals => {
  const seen: Record<string, number> = { ...a.seen };
  for (const [name, times] of Object.entries(b.seen)) seen[name] = (seen[name] ?? 0) + times;
  return {
    seeds: a.seeds + b.seeds,
    events: a.events + b.events,
    passes: a.passes + b.passes,
    virtualMs: a.virtualMs + b.virtualMs,
    failed: [...a.failed, ...b.failed],
    seen,
  };
};
