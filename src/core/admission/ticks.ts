// What people said of an item of a checklist, and which of it counts: only its owner's word, with
// what the item wants along with it.

import type { AdmissionRequest } from "./request.ts";
import type { ChecklistItem } from "./rule.ts";
import type { Tick } from "./sorted.ts";

type Heard = Pick<AdmissionRequest, "facts" | "step" | "sorted">;

/** Words on this item, oldest first, also those that do not count. */
export const ticksOf = (item: ChecklistItem, { facts, step, sorted }: Heard): readonly Tick[] => {
  if (sorted !== undefined) return sorted.ticks.get(item.id) ?? [];
  return facts.filter(
    (fact): fact is Tick => fact.kind === "tick" && fact.step === step && fact.item === item.id,
  );
};

/** The newest word that counts. */
export const newestTick = (item: ChecklistItem, said: Heard): Tick | undefined =>
  ticksOf(item, said).findLast((tick) => objection(item, tick) === null);

/** Why a word does not count; null: it does. */
export const objection = (item: ChecklistItem, tick: Tick): string | null => {
  const { by, verdict, text } = tick;
  if (item.owner.length > 0 && !item.owner.includes(by)) return `${by} is not its owner`;
  if (verdict === "skipped") {
    if (!item.skippable) return `${by} left it out, and it may not be left out`;
    return text.trim() === "" ? `${by} left it out without a reason` : null;
  }
  if (verdict === "failed" || item.needs === "nothing") return null;
  if (item.needs === "link" && !/^https?:\/\/\S+$/u.test(text.trim())) {
    return `${by} ticked it without a link`;
  }
  return text.trim() === "" ? `${by} ticked it without a word` : null;
};
