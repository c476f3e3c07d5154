// Where a run stands, for whoever only watches.

import type { Run } from "../core/run.ts";
import type { Step } from "../core/step.ts";

/** The step that the run is in; null while it has none. */
export const reachedStep = ({ state, plan }: Run): Step | null => {
  if (state.kind === "forward") return plan.steps[state.step] ?? null;
  return state.kind === "back" ? (state.steps[state.step] ?? null) : null;
};

export const unfinished = ({ state }: Run): boolean => state.kind !== "ended";

/** It has asked for a person, and waits. */
export const stalled = ({ state }: Run): boolean =>
  (state.kind === "forward" || state.kind === "back") && state.stalled !== null;
