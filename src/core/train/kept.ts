// How long a member of a train keeps its lane for the train's sake.

import type { Run } from "../run.ts";
import type { Snapshot } from "../snapshot.ts";

/** It has settled well, and its train may still have to take it back: until that is certain it
 * keeps its lane, and the slot of what was before it. Only an emergency does not wait for that. */
export const keepsForTrain = (run: Run, { train, waiting }: Snapshot): boolean =>
  train !== undefined &&
  !train.settled &&
  run.settled?.outcome === "succeeded" &&
  !waiting.some(({ emergencyUntil }) => emergencyUntil !== null);
