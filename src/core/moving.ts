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
