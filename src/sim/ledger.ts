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
  /** The contract migration that a committed decision ordered, the first of them; null: none. */
  crossed(run: RunId): string | null;
  /** True where a committed decision ordered exactly this under this key. */
  ordered(key: EffectKey, body: EffectBody): boolean;
}

export const ledger = (): Ledger => {
  const runs = new Map<RunId, Run>();
  const orders = new Map<string, EffectBody>();
  const crossings = new Map<RunId, string>();
  return {
    runs,
    created: (run) => {
      if (!runs.has(run.id)) runs.set(run.id, run);
    },
    committed: (run, effects) => {
      runs.set(run.id, run);
      for (const { key, body } of effects) {
        orders.set(effectId(key), body);
        if (!crossings.has(run.id) && isContract(run, body)) crossings.set(run.id, body.step);
      }
    },
    crossed: (run) => crossings.get(run) ?? null,
    ordered: (key, body) => {
      const order = orders.get(effectId(key));
      return order !== undefined && same(order, body);
    },
  };
};

const isContract = (
  { plan }: Run,
  body: EffectBody,
): body is Extract<EffectBody, { kind: "task" }> =>
  body.kind === "task" &&
  plan.steps.some(
    (step) => step.id === body.step && step.kind === "task" && step.migration === "contract",
  );
