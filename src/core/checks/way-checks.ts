// What must hold of traffic that returns, by shares or at once, and of the look that follows it.

import type { SlotName } from "../lane.ts";
import type { Run } from "../run.ts";
import type { Check, DecisionView } from "./check.ts";

/** The slot that is being left, from the first share on; null: none is, or it is the only one. */
const leftSlot = ({ slots, state, plan }: Run): SlotName | null => {
  if (slots === null || slots.stable === null || slots.stable === slots.candidate) return null;
  if (state.kind === "back") return slots.candidate;
  if (plan.strategy !== "rollback" || state.kind !== "forward") return null;
  const begun = plan.steps.slice(0, state.step).some(({ kind }) => kind === "shift");
  return begun ? slots.stable : null;
};

/** Asked on a way back, or by a rollback. */
const verifications = ({ decision }: DecisionView): readonly string[] => {
  const { state, plan } = decision.run;
  if (state.kind !== "back" && plan.strategy !== "rollback") return [];
  const steps = state.kind === "back" ? state.steps : plan.steps;
  const ids = new Set(steps.flatMap(({ kind, id }) => (kind === "verify" ? id : [])));
  return decision.effects.flatMap((effect) =>
    effect.kind === "task" && ids.has(effect.step) ? effect.step : [],
  );
};

export const WAY_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "what-is-left-never-grows",
    check: ({ snapshot: { router }, decision }) => {
      const slot = leftSlot(decision.run);
      if (slot === null || router.kind === "unseen") return null;
      const has = router.value.weights[slot];
      for (const effect of decision.effects) {
        if (effect.kind !== "route" || effect.weights[slot] <= has) continue;
        return `${slot} is being left with ${has} ‰, and gets ${effect.weights[slot]} ‰`;
      }
      return null;
    },
  },
  {
    name: "verified-when-back",
    check: (view) => {
      const [step] = verifications(view);
      if (step === undefined || view.decision.run.settled !== null) return null;
      return `${step} is asked before the outcome is certain`;
    },
  },
];
