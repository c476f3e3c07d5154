// The invariants, by name, as data: the shell checks each decision against them, the simulator
// after every event, and the API shows them as health. A broken one is a defect of Sluice, never
// of a playbook; each sentence says what was found.

import { BACK_CHECKS } from "./checks/back-checks.ts";
import { CAPACITY_CHECKS } from "./checks/capacity-checks.ts";
import { FORWARD_CHECKS } from "./checks/forward-checks.ts";
import type { Check, DecisionView } from "./checks/check.ts";
import { ROUTE_CHECKS } from "./checks/route-checks.ts";
import { UNDO_CHECKS } from "./checks/undo-checks.ts";
import { WAY_CHECKS } from "./checks/way-checks.ts";

export { LANE_CHECKS } from "./checks/lane-checks.ts";

export interface Broken {
  readonly name: string;
  readonly sentence: string;
}

export const DECISION_CHECKS: readonly Check<DecisionView>[] = [
  ...ROUTE_CHECKS,
  ...CAPACITY_CHECKS,
  ...FORWARD_CHECKS,
  ...BACK_CHECKS,
  ...UNDO_CHECKS,
  ...WAY_CHECKS,
];

/** All that do not hold, in the order of the list. */
export const broken = <View>(checks: readonly Check<View>[], view: View): readonly Broken[] => {
  const found: Broken[] = [];
  for (const { name, check } of checks) {
    const sentence = check(view);
    if (sentence !== null) found.push({ name, sentence });
  }
  return found;
};
