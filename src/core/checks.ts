// The invariants, by name, as data: the shell checks a decision against them before it acts, the
// simulator after every event, and the API shows them as health. A broken one is a defect of
// Sluice, never of a playbook; each sentence says what was found.

import { BACK_CHECKS } from "./checks/back-checks.ts";
import { FORWARD_CHECKS } from "./checks/forward-checks.ts";
import { ROUTE_CHECKS } from "./checks/route-checks.ts";
import type { Decision } from "./decision.ts";
import type { Instant } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Run } from "./run.ts";
import type { RouterState, Snapshot, TargetState } from "./snapshot.ts";

export { LANE_CHECKS } from "./checks/lane-checks.ts";

/** `check` answers null where the invariant holds or cannot be judged, otherwise one sentence. */
export interface Check<View> {
  /** Stable, lower-case, dashed. */
  readonly name: string;
  readonly check: (view: View) => string | null;
}

/** One decision: the run it was made for, what it looked at, what it wants. */
export interface DecisionView {
  readonly run: Run;
  readonly snapshot: Snapshot;
  readonly decision: Decision;
}

/** One lane at rest between decisions. */
export interface LaneView {
  readonly now: Instant;
  readonly lane: Lane;
  /** All runs of the lane that have not ended; ended ones may be among them. */
  readonly runs: readonly { readonly run: Run; readonly wakeAt: Instant | null }[];
  /** Null where nobody looked. */
  readonly target: TargetState | null;
  readonly router: RouterState | null;
}

export interface Broken {
  readonly name: string;
  readonly sentence: string;
}

export const DECISION_CHECKS: readonly Check<DecisionView>[] = [
  ...ROUTE_CHECKS,
  ...FORWARD_CHECKS,
  ...BACK_CHECKS,
];

/** All that do not hold, in the order of the list. */
export const broken = <View>(checks: readonly Check<View>[], view: View): readonly Broken[] =>
  checks.flatMap(({ name, check }) => {
    const sentence = check(view);
    return sentence === null ? [] : [{ name, sentence }];
  });
