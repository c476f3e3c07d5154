// Simulated once-only work. Every beginning is counted, so that a second one can be found out.

import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { effectId } from "../../core/effect.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import type { Chance } from "../prng.ts";
import type { Begun } from "./begun.ts";
import { beginBackup, beginRestore } from "./database-tasks.ts";
import type { SimDatabases } from "./databases.ts";
import type { SimRouter } from "./router.ts";
import type { SimTarget } from "./target.ts";

export interface SimTasks {
  begin(key: EffectKey, task: TaskEffect): Begun;
  /** How often each effect was begun, by `run/generation/ordinal`. */
  readonly begun: ReadonlyMap<string, number>;
}

interface Options {
  readonly chance: Chance;
  readonly target: SimTarget;
  readonly router: SimRouter;
  /** How likely anything but a probe fails. */
  readonly failing: () => number;
  readonly databases: SimDatabases;
  /** An order has put a database back more than once. */
  readonly again: (order: string) => void;
}

export const simTasks = (options: Options): SimTasks => {
  const { chance, target, router, databases } = options;
  const begun = new Map<string, number>();
  return {
    begun,
    begin: (key, { step, task, slot }) => {
      const id = effectId(key);
      begun.set(id, (begun.get(id) ?? 0) + 1);
      if (task.kind !== "probe") {
        const fails = chance.hit(options.failing());
        const parts = { ...options, fails };
        if (task.kind === "backup") return beginBackup(key, step, task, parts);
        if (task.kind === "restore") return beginRestore(key, step, task, parts);
        databases.wrote(key, `${key.run}/${step}`);
        return {
          takesMs: chance.int(50, chance.hit(0.2) ? 20_000 : 2_000),
          outcome: () => (fails ? { kind: "refused", code: "exit", why: "exit code 1" } : APPLIED),
        };
      }
      const answers = (): boolean =>
        task.through === "instances"
          ? target.ready(key, slot) > 0
          : !router.lost() && router.weights(key)[slot] > 0 && target.ready(key, slot) > 0;
      return {
        takesMs: chance.int(5, 500),
        outcome: () =>
          answers() ? APPLIED : { kind: "refused", code: "probe", why: "GET /: no answer" },
      };
    },
  };
};

const APPLIED: EffectOutcome = { kind: "applied", detail: null };
