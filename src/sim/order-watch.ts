// The judge's eye on what reaches the world: only what was decided, nothing older than what was
// taken before, and nothing twice that must not be.

import type { EffectBody } from "../core/effect.ts";
import { effectId } from "../core/effect.ts";
import { laneName } from "../core/lane.ts";
import { named } from "./commit-checks.ts";
import { orderText } from "./order-text.ts";
import type { Judge } from "./judge.ts";
import type { Universe } from "./universe.ts";

export type OrderWatch = Pick<Judge, "ordered" | "begun" | "performed">;

export const orderWatch = (universe: () => Universe, broke: Judge["broke"]): OrderWatch => {
  /** By port and lane: the highest generation taken. */
  const taken = new Map<string, number>();
  const begun = new Set<string>();
  /** By run and step: the task that was begun and did not certainly fail. */
  const open = new Map<string, string>();

  const decided = (key: Parameters<Judge["ordered"]>[0], body: EffectBody): void => {
    if (universe().ledger.ordered(key, body)) return;
    broke(named("effect-was-committed", `nobody decided ${effectId(key)}`));
  };

  return {
    ordered: (key, body, outcome) => {
      const { journal } = universe();
      const name = `${body.kind} ${laneName(key)}`;
      journal.note("world", () => `${effectId(key)} ${orderText(body)}: ${outcome.kind}`);
      if (outcome.kind === "refused") journal.rare(`stale ${body.kind} refused`);
      if (outcome.kind !== "applied") return outcome;
      decided(key, body);
      const highest = taken.get(name) ?? 0;
      if (key.generation < highest) {
        broke(named("generation-fence", `${name} took ${key.generation} after ${highest}`));
      }
      taken.set(name, Math.max(highest, key.generation));
      return outcome;
    },
    begun: (key, task) => {
      const { journal } = universe();
      const id = effectId(key);
      journal.note("world", () => `task ${task.step} begins, attempt ${task.attempt}, ${id}`);
      if (begun.has(id)) {
        journal.rare("task begun again");
        if (!task.repeatable) broke(named("once-only", `${id} was begun twice`));
      }
      begun.add(id);
      const work = `${key.run} ${task.step}`;
      const earlier = open.get(work);
      if (!task.repeatable && earlier !== undefined && earlier !== id) {
        broke(named("once-only", `${id} begins, and nobody knows how ${earlier} ended`));
      }
      open.set(work, id);
      decided(key, task);
    },
    performed: (key, task, outcome) => {
      if (outcome.kind === "refused") open.delete(`${key.run} ${task.step}`);
    },
  };
};
