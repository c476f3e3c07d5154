// The states in which a run goes through steps.

import type { Draft, Moving } from "./draft.ts";
import type { Run } from "./run.ts";
import type { Step } from "./step.ts";

/** Throws where the run is queued or has ended. */
export const moving = (draft: Draft): Moving => {
  const { state } = draft.run;
  if (state.kind !== "forward" && state.kind !== "back") {
    throw new Error(`run ${draft.run.id} goes through no steps while ${state.kind}`);
  }
  return state;
};

export const stepsOf = (run: Run): readonly Step[] =>
  run.state.kind === "back" ? run.state.steps : run.plan.steps;

/** True: the run is behind this step of its present way, or has ended. What it left for its way
 * back is not behind it: that still comes to its end, so that it can be taken back. */
export const hasPassed = (run: Run, step: string): boolean => {
  const { state } = run;
  if (state.kind === "queued") return false;
  if (state.kind === "ended") return true;
  const place = stepsOf(run).findIndex(({ id }) => id === step);
  return place !== -1 && place < state.step;
};
