// A release train: several services that go forward in the order of their dependencies, and back as
// one. It is released like a service and has lanes of its own, in which nothing runs. Here is what
// its run and the runs of its members see of each other.

import type { ReleaseId, RunId, ServiceName } from "../ids.ts";
import type { Outcome, RunState } from "../run.ts";
import type { RollbackTier } from "../step.ts";

/** One member, as the run of its train sees it. */
export interface MemberSight {
  readonly service: ServiceName;
  /** What is stable in its lane now. */
  readonly stable: ReleaseId | null;
  /** No run is under way there. */
  readonly idle: boolean;
  /** Those that this train began, oldest first. */
  readonly runs: readonly MemberRun[];
}

export interface MemberRun {
  readonly run: RunId;
  readonly way: TrainWay;
  readonly state: RunState["kind"];
  readonly settled: Outcome | null;
  /** What was stable when it took its lane, or would take it now. */
  readonly from: ReleaseId | null;
  readonly noReturn: string | null;
  /** What sent it back; null: nothing did. */
  readonly why: string | null;
}

export type TrainWay = "forward" | "back";

/** A train, as the runs of its members see it. */
export interface TrainSight {
  readonly run: RunId;
  readonly way: TrainWay;
  /** Its outcome is certain: nobody needs to be kept warm for it any more. */
  readonly settled: boolean;
  /** Somebody said how far it goes back, past any point of no return; null: as far as each member's
   * own plan says, and no further. */
  readonly tier: RollbackTier | null;
}
