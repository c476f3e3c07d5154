// What an invariant is, and what each kind of them is shown.

import type { Decision } from "../decision.ts";
import type { Instant } from "../ids.ts";
import type { Lane } from "../lane.ts";
import type { Run } from "../run.ts";
import type { RouterState, Snapshot, TargetState } from "../snapshot.ts";

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
