// What really was committed, watched beside the store: every run's newest state, every effect that
// a committed decision ordered, and what each decision had looked at.

import type { Effect, EffectKey, EffectBody } from "../core/effect.ts";
import { effectId } from "../core/effect.ts";
import type { RunId } from "../core/ids.ts";
import type { Run } from "../core/run.ts";
import { same } from "../core/same.ts";

export interface Ledger {
  /** In order of creation. */
  readonly runs: ReadonlyMap<RunId, Run>;
  created(run: Run): void;
  committed(run: Run, effects: readonly Effect[]): void;
  /** True where a committed decision ordered exactly this under this key. */
  ordered(key: EffectKey, body: EffectBody): boolean;
}

export const ledger = (): Ledger => {
  const runs = new Map<RunId, Run>();
  const orders = new Map<string, EffectBody>();
  return {
    runs,
    created: (run) => {
      if (!runs.has(run.id)) runs.set(run.id, run);
    },
    committed: (run, effects) => {
      runs.set(run.id, run);
      for (const { key, body } of effects) orders.set(effectId(key), body);
    },
    ordered: (key, body) => {
      const order = orders.get(effectId(key));
      return order !== undefined && same(order, body);
    },
  };
};
