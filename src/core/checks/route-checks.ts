// What a decision may do to traffic.

import type { Check, DecisionView } from "./check.ts";
import type { Weights } from "../effect.ts";
import { SLOTS, type SlotName } from "../lane.ts";
import type { Run } from "../run.ts";
import type { TargetState } from "../snapshot.ts";

const routesOf = ({ decision }: DecisionView): readonly Weights[] =>
  decision.effects.flatMap((effect) => (effect.kind === "route" ? [effect.weights] : []));

const NOWHERE: readonly SlotName[] = [];

/** Slots that a decision gives more traffic than the router was seen to give them. */
const rising = (view: DecisionView): readonly SlotName[] => {
  const routes = routesOf(view);
  if (routes.length === 0) return NOWHERE;
  const { router } = view.snapshot;
  const has = router.kind === "seen" ? router.value.weights : { blue: 0, green: 0 };
  return routes.flatMap((weights) => SLOTS.filter((slot) => weights[slot] > has[slot]));
};

const readyIn = (target: TargetState, slot: SlotName): number =>
  target.slots[slot].instances.filter((instance) => instance.phase === "ready").length;

export const weightsSum = (weights: Weights): string | null => {
  const { blue, green } = weights;
  const whole = [blue, green].every((w) => Number.isInteger(w) && w >= 0);
  const sum = blue + green;
  return whole && (sum === 1000 || sum === 0)
    ? null
    : `the weights ${blue} and ${green} are not whole thousandths that sum to 1000 or 0`;
};

/** The highest share that the plan allows in the step the run is in. */
const allowedShare = (run: Run): number => {
  if (run.state.kind !== "forward") return 0;
  const reached = run.plan.steps.slice(0, run.state.step + 1);
  return Math.max(0, ...reached.map((step) => (step.kind === "shift" ? step.candidate : 0)));
};

export const ROUTE_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "weights-sum",
    check: (view) =>
      routesOf(view)
        .map(weightsSum)
        .find((sentence) => sentence !== null) ?? null,
  },
  {
    name: "capacity-before-traffic",
    check: (view) => {
      const { target } = view.snapshot;
      const slots = rising(view);
      if (slots.length === 0) return null;
      if (target.kind === "unseen") return `traffic moves to ${slots.join()} without a look at it`;
      const empty = slots.find((slot) => readyIn(target.value, slot) === 0);
      return empty === undefined ? null : `traffic moves to ${empty}, where nothing is ready`;
    },
  },
  {
    name: "admitted-release",
    check: (view) => {
      const { run, snapshot } = view;
      const gaining = rising(view);
      if (snapshot.target.kind === "unseen" || gaining.length === 0) return null;
      const { slots } = snapshot.target.value;
      const admitted = new Set<string>([
        run.plan.release.id,
        ...snapshot.lane.knownGood.map((known) => known.release),
      ]);
      for (const slot of gaining) {
        // What served when nothing was good yet only gets back what it had.
        if (snapshot.lane.stable === null && slot === view.decision.run.slots?.stable) continue;
        const stranger = slots[slot].instances.find(
          (one) => one.phase === "ready" && !admitted.has(one.release),
        );
        if (stranger !== undefined)
          return `traffic moves to ${slot}, where ${stranger.release} runs`;
      }
      return null;
    },
  },
  {
    name: "weight-within-step",
    check: (view) => {
      const { run, decision } = view;
      const next = decision.run;
      if (next.slots === null || next.slots.candidate === next.slots.stable) return null;
      const routes = routesOf(view);
      if (routes.length === 0) return null;
      const { candidate } = next.slots;
      const most = next.state.kind === "forward" ? allowedShare(next) : run.weight;
      const over = routes.find((weights) => weights[candidate] > most);
      return over === undefined
        ? null
        : `the candidate gets ${over[candidate]} ‰ in a step that allows ${most} ‰`;
    },
  },
];
