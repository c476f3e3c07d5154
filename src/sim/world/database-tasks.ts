// Simulated backups and restores, as the real driver ends them: what may be tried again is refused,
// and what somebody has to look at first is stalled.

import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import type { TaskEffect } from "../../ports/tasks.ts";
import type { Chance } from "../prng.ts";
import type { Begun } from "./begun.ts";
import type { SimDatabases } from "./databases.ts";

interface Options {
  readonly chance: Chance;
  readonly databases: SimDatabases;
  readonly fails: boolean;
  /** More than once it has put the same back. */
  readonly again: (order: string) => void;
}

type Of<K extends TaskEffect["task"]["kind"]> = Extract<TaskEffect["task"], { kind: K }>;

/** It holds what was there when it was begun. */
export const beginBackup = (
  key: EffectKey,
  step: string,
  { verify }: Of<"backup">,
  { chance, databases, fails }: Options,
): Begun => {
  const marks = databases.holds(key);
  return {
    takesMs: chance.int(200, chance.hit(0.2) ? 30_000 : 3_000),
    outcome: () => {
      if (fails) return { kind: "refused", code: "backup-differs", why: "it differs" };
      const backup = databases.made(key, { step, proven: verify, marks });
      return { kind: "applied", detail: backup.id, ...(verify ? { backup } : {}) };
    },
  };
};

/** It may be done long before anybody is told. */
export const beginRestore = (
  key: EffectKey,
  step: string,
  { backup }: Of<"restore">,
  { chance, databases, fails, again }: Options,
): Begun => {
  const takesMs = chance.int(2_000, chance.hit(0.6) ? 90_000 : 10_000);
  if (backup === null) {
    return { takesMs: 0, outcome: () => ({ kind: "stalled", why: "which backup is it?" }) };
  }
  if (fails) {
    const outcome: EffectOutcome = chance.hit(0.5)
      ? { kind: "refused", code: "database-unreachable", why: "it does not answer" }
      : { kind: "stalled", why: "what is there could not be backed up" };
    return { takesMs, outcome: () => outcome };
  }
  const done = (): EffectOutcome => {
    const order = `${key.run}/${step}`;
    if (databases.putBack(key, order, backup.id) > 1) again(order);
    return { kind: "applied", detail: `${backup.id} is in place` };
  };
  if (chance.hit(0.2)) return { takesMs, outcome: done };
  const early = done();
  return { takesMs, outcome: () => early };
};
