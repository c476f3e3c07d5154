// Plans by hash, so that a pass neither fetches nor parses again what never changes. The least
// recently used go first.

import type { RunId } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";

export interface PlanCache {
  /** The hash of the plan that this run had when it was last seen, if that plan is still here. */
  hashFor(run: RunId): string | null;
  get(hash: string): Plan | undefined;
  put(run: RunId, plan: Plan): void;
}

/** `limit`: of plans; a plan is some ten kilobytes. */
export const planCache = (limit: number): PlanCache => {
  const plans = new Map<string, Plan>();
  const hashes = new Map<RunId, string>();
  return {
    hashFor: (run) => {
      const hash = hashes.get(run);
      return hash !== undefined && plans.has(hash) ? hash : null;
    },
    get: (hash) => plans.get(hash),
    put: (run, plan) => {
      moveToEnd(plans, plan.hash, plan, limit);
      moveToEnd(hashes, run, plan.hash, limit);
    },
  };
};

/** A Map keeps the order of insertion: what was used longest ago is first. */
const moveToEnd = <K, V>(map: Map<K, V>, key: K, value: V, limit: number): void => {
  map.delete(key);
  map.set(key, value);
  if (map.size > limit) map.delete(map.keys().next().value as K);
};
