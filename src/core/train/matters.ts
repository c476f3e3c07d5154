// Which commits of a train or a member the other side has to know of.

import type { Run } from "../run.ts";

/** Turned, settled, ended, or behind a point of no return. False for whatever has no train. */
export const matters = (before: Run, after: Run): boolean => {
  if (after.origin.train === undefined && after.plan.strategy !== "train") return false;
  return (
    before.state.kind !== after.state.kind ||
    before.settled !== after.settled ||
    before.noReturn !== after.noReturn
  );
};
