// A train that has settled, taken back as one: a run of its own whose only step is the way back of
// what another run brought.

import { seal } from "../compile.ts";
import type { Plan, PlanBody, Release } from "../plan.ts";
import type { Run } from "../run.ts";
import type { RollbackTier, TrainStep } from "../step.ts";

/** It brings nothing, and is not turned round. */
export const takesTrainBack = ({ steps }: Pick<Plan, "steps">): boolean =>
  steps.some((step) => step.kind === "train" && step.way === "back");

/** A member, sent back by its train. */
export const isMemberBack = ({ origin }: Pick<Run, "origin">): boolean =>
  origin.kind === "rollback" && origin.train !== undefined;

/** `brought`: the run by which the train is where it is. `to`: the train's release before it; null:
 * there was none, and then there is none again. Null: the run is no train's. */
export const trainBackPlan = (
  brought: Pick<Run, "id" | "plan">,
  to: Release | null,
  tier: RollbackTier,
): Plan | null => {
  const step = brought.plan.steps.find((one) => one.kind === "train");
  if (step === undefined) return null;
  const { hash: _, followUps: __, ...body } = brought.plan;
  const back: TrainStep = {
    ...step,
    id: "train-back",
    title: `all members back: ${step.title}`,
    way: "back",
    tier,
    // Only a person begins such a run.
    anyway: tier === "full",
    of: brought.id,
  };
  const changed: PlanBody = {
    ...body,
    release: to ?? body.release,
    from: body.release,
    steps: [back],
    rollback: { ...body.rollback, tier },
    onFreeze: "finish",
    calendars: [],
    onNewer: "queue",
    promotesTo: [],
  };
  return seal(changed);
};

/** Whose members a train's run sees: its own, and those that it takes back. */
export const broughtBy = ({ id, plan }: Pick<Run, "id" | "plan">): readonly Run["id"][] => [
  ...plan.steps.flatMap((step) =>
    step.kind === "train" && step.of !== undefined ? [step.of] : [],
  ),
  id,
];
