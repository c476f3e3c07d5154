// The judge's eye on what is taken back: once it is, never again, and the last thing done first.

import { laneName } from "../core/lane.ts";
import type { EffectKey, EffectOutcome } from "../core/effect.ts";
import type { Broken } from "../core/checks.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import { named } from "./commit-checks.ts";
import type { Universe } from "./universe.ts";

export interface UndoWatch {
  begun(key: EffectKey, task: TaskEffect): readonly Broken[];
  performed(key: EffectKey, task: TaskEffect, outcome: EffectOutcome): void;
}

const BACK = "back-undo-";

export const undoWatch = (universe: () => Universe): UndoWatch => {
  /** By run and step. */
  const done = new Set<string>();
  /** By run: the place in its plan of what it took back last. */
  const last = new Map<string, number>();

  const outOfOrder = (key: EffectKey, step: string): readonly Broken[] => {
    const { ledger, book, time } = universe();
    const run = ledger.runs.get(key.run);
    if (!step.startsWith(BACK) || run === undefined) return [];
    const place = run.plan.steps.findIndex(({ id }) => BACK + id === step);
    const before = last.get(key.run) ?? Number.POSITIVE_INFINITY;
    last.set(key.run, place);
    const { facts } = book;
    const words = facts(key.run, time.now()).filter(({ kind }) => kind === "rollback");
    // Asked for more while it goes back, it takes that back behind what it is at.
    if (place <= before || words.length > 1) return [];
    if (words.length === 1 && run.breach !== null && (words[0]?.at ?? 0) > run.breach.at) return [];
    return [named("last-done-first", `${step} of ${key.run} begins after what was done before it`)];
  };

  return {
    begun: (key, { step, repeatable }) => {
      if (!step.startsWith(BACK) && !step.startsWith("undo-")) return [];
      universe().journal.rare(step.startsWith(BACK) ? "undo begun" : "undo of a rollback begun");
      const again = !repeatable && done.has(`${key.run} ${step}`);
      const sentence = `${step} of ${key.run} in ${laneName(key)} succeeded, and begins again`;
      if (again) return [named("undone-once", sentence)];
      // An echo of what may be repeated: whoever stood still had claimed it before others did it.
      return done.has(`${key.run} ${step}`) ? [] : outOfOrder(key, step);
    },
    performed: (key, { step }, { kind }) => {
      const undo = step.startsWith(BACK) || step.startsWith("undo-");
      if (undo && kind === "refused") universe().journal.rare("undo failed");
      if (undo && kind === "applied") done.add(`${key.run} ${step}`);
    },
  };
};
