// What must hold of taking back: when nothing may turn by itself, and in which order things go.

import type { Weights } from "../effect.ts";
import type { Run } from "../run.ts";
import type { Step } from "../step.ts";
import { undoneBy } from "../undo.ts";
import type { Check, DecisionView } from "./check.ts";

const routesOf = ({ decision }: DecisionView): readonly Weights[] =>
  decision.effects.flatMap((effect) => (effect.kind === "route" ? [effect.weights] : []));

/** Contract migrations that this decision orders. */
const contracts = ({ decision }: DecisionView): readonly Step[] => {
  const { effects, run } = decision;
  if (!effects.some(({ kind }) => kind === "task")) return [];
  return run.plan.steps.filter(
    (step) =>
      step.kind === "task" &&
      step.migration === "contract" &&
      effects.some((effect) => effect.kind === "task" && effect.step === step.id),
  );
};

/** Somebody said it since the last pass, or to its train, and said how far. */
const fullyMeant = ({ run, snapshot }: DecisionView): boolean =>
  snapshot.train?.tier === "full" ||
  snapshot.facts.some(
    (fact) => fact.seq > run.factsSeen && fact.kind === "rollback" && fact.tier === "full",
  );

const turned = ({ run, decision }: DecisionView): boolean => {
  const { state } = decision.run;
  if (run.state.kind !== "forward" || run.settled !== null) return false;
  return state.kind === "back" || (state.kind === "ended" && state.outcome !== "succeeded");
};

/** Traffic goes back below the share that the run has reached. */
const lowered = (view: DecisionView): string | null => {
  const { run, decision } = view;
  const { slots, weight } = run;
  if (slots === null || slots.candidate === slots.stable) return null;
  if (decision.run.state.kind !== "forward") return null;
  const { candidate } = slots;
  const lower = routesOf(view).find((weights) => weights[candidate] < weight);
  return lower === undefined ? null : `it goes from ${weight} ‰ to ${lower[candidate]} ‰`;
};

/** Undo steps that a way back has yet to begin, in their order. */
const toUndo = ({ state }: Run): readonly Step[] => {
  if (state.kind !== "back") return [];
  const begun = state.attempts > 0 ? state.step + 1 : state.step;
  return state.steps.slice(begun).filter(({ id }) => undoneBy(id) !== null);
};

const outOfOrder = ({ plan, state }: Run, undos: readonly Step[]): string | null => {
  if (state.kind !== "back") return null;
  const place = (undo: Step): number => plan.steps.findIndex(({ id }) => id === undoneBy(undo.id));
  const stranger = undos.find((undo) => place(undo) === -1);
  if (stranger !== undefined) return `${stranger.id} takes back what is not in the plan`;
  const wrong = undos.find((undo, at) => at > 0 && place(undo) >= place(undos[at - 1] ?? undo));
  if (wrong !== undefined) return `${wrong.id} comes after what was done before it`;
  const traffic = state.steps.findLastIndex(({ kind }) => kind === "shift" || kind === "replace");
  const early = undos.find((undo) => state.steps.indexOf(undo) < traffic);
  return early === undefined ? null : `${early.id} comes before the traffic is back`;
};

/** What is taken back now, while the candidate has traffic. */
const tooEarly = ({ run, snapshot, decision }: DecisionView): string | null => {
  const undo = decision.effects.find(
    (effect) => effect.kind === "task" && undoneBy(effect.step) !== null,
  );
  const { slots } = decision.run;
  if (undo?.kind !== "task" || slots === null || slots.candidate === slots.stable) return null;
  // After the outcome the next run may have the traffic already.
  if (run.settled !== null) return null;
  const { router } = snapshot;
  if (router.kind === "unseen") return `${undo.step} begins with the router unseen`;
  const has = router.value.weights[slots.candidate];
  return has === 0 ? null : `${undo.step} begins while the candidate has ${has} ‰`;
};

export const UNDO_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "no-return-crossed",
    check: (view) => {
      const { run, decision } = view;
      const [begun] = contracts(view);
      if (begun !== undefined && decision.run.noReturn === null) {
        return `${begun.id} begins, and nothing remembers it`;
      }
      if (run.noReturn === null) return null;
      if (decision.run.noReturn === null) return `that ${run.noReturn} was begun is forgotten`;
      if (fullyMeant(view)) return null;
      if (turned(view)) return `it turns back behind ${run.noReturn}, and nobody said so`;
      return lowered(view);
    },
  },
  {
    name: "undo-in-order",
    check: (view) => outOfOrder(view.decision.run, toUndo(view.decision.run)) ?? tooEarly(view),
  },
];
