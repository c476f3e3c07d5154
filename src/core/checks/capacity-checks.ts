// What a decision may do to instances: what carries traffic keeps its capacity.

import type { Cohort, SlotSpec } from "../effect.ts";
import type { Run } from "../run.ts";
import type { SlotState } from "../snapshot.ts";
import type { ReplaceStep } from "../step.ts";
import type { Check, DecisionView } from "./check.ts";

const specsOf = ({ decision }: DecisionView): readonly SlotSpec[] =>
  decision.effects.flatMap((effect) => (effect.kind === "apply" ? [effect.spec] : []));

const replacing = ({ state, plan }: Run): ReplaceStep | null => {
  const steps = state.kind === "back" ? state.steps : plan.steps;
  const step = state.kind === "forward" || state.kind === "back" ? steps[state.step] : undefined;
  return step?.kind === "replace" ? step : null;
};

const readyOf = (slot: SlotState, release: string): number =>
  slot.instances.filter((one) => one.release === release && one.phase === "ready").length;

/** Instances that are ready now and that the order does not take away. */
const keptReady = (slot: SlotState, cohorts: readonly Cohort[]): number =>
  cohorts.reduce(
    (sum, { release, instances }) => sum + Math.min(instances, readyOf(slot, release.id)),
    0,
  );

const wantedIn = (slot: SlotState): number =>
  slot.wanted.reduce((sum, { instances }) => sum + instances, 0);

const orderedIn = ({ cohorts }: SlotSpec): number =>
  cohorts.reduce((sum, { instances }) => sum + instances, 0);

const first = <T>(all: readonly T[], sentence: (one: T) => string | null): string | null => {
  for (const one of all) {
    const found = sentence(one);
    if (found !== null) return found;
  }
  return null;
};

export const CAPACITY_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "traffic-keeps-its-capacity",
    check: (view) => {
      const { target, router, lane } = view.snapshot;
      if (replacing(view.decision.run) !== null) return null;
      return first(specsOf(view), (spec) => {
        if (target.kind === "unseen") return `${spec.slot} is ordered without a look at it`;
        const slot = target.value.slots[spec.slot];
        const ready = slot.instances.some(({ phase }) => phase === "ready");
        const takesAll = ready && keptReady(slot, spec.cohorts) === 0;
        const less = takesAll || orderedIn(spec) < wantedIn(slot);
        // Unseen, the last read-back has to do: only the stable slot has traffic then. Where none
        // is stable, anything may have it.
        const quiet =
          router.kind === "seen"
            ? router.value.weights[spec.slot] === 0
            : lane.stable !== null && spec.slot !== lane.stable.slot;
        if (!less || quiet || wantedIn(slot) === 0) return null;
        return router.kind === "unseen"
          ? `${spec.slot} loses capacity without a look at its traffic`
          : `${spec.slot} loses capacity with ${router.value.weights[spec.slot]} ‰ of the traffic`;
      });
    },
  },
  {
    name: "replace-keeps-enough",
    check: (view) => {
      const { target } = view.snapshot;
      const step = replacing(view.decision.run);
      if (step === null || target.kind === "unseen") return null;
      return first(specsOf(view), (spec) => {
        const slot = target.value.slots[spec.slot];
        const ready = slot.instances.filter(({ phase }) => phase === "ready").length;
        const fewest = Math.min(ready, step.instances - step.maxUnavailable);
        const kept = keptReady(slot, spec.cohorts);
        if (kept < fewest) return `${kept} of ${ready} ready instances stay, ${fewest} must`;
        const most = Math.max(wantedIn(slot), step.instances + step.maxSurge);
        const ordered = orderedIn(spec);
        return ordered > most ? `${ordered} instances are ordered, at most ${most} may be` : null;
      });
    },
  },
  {
    name: "admitted-instances",
    check: (view) => {
      const { run, decision, snapshot } = view;
      const specs = specsOf(view);
      if (specs.length === 0) return null;
      const admitted = new Set<string>([
        decision.run.plan.release.id,
        run.plan.release.id,
        ...snapshot.lane.knownGood.map(({ release }) => release),
      ]);
      return first(specs, ({ slot, cohorts }) => {
        const stranger = cohorts.find(({ release }) => !admitted.has(release.id));
        return stranger === undefined ? null : `${slot} is ordered to run ${stranger.release.id}`;
      });
    },
  },
];
