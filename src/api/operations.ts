// What the API asks of the engine beyond reading its stores. The shell implements it; this file
// decides only what is promised.
//
// Refusal codes become HTTP statuses in statuses.ts: `unknown-service`, `unknown-environment`,
// `unknown-release`, `unknown-run`, `unknown-lane` and the like are 404, `denied…` is 403, what
// concerns definitions and artifacts is 422, and everything else is a conflict, 409.

import type { Actor, ReleaseId, ServiceName } from "../core/ids.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { Run } from "../core/run.ts";
import type { RouterState, Seen, TargetState } from "../core/snapshot.ts";
import type {
  Applied,
  AuditVerdict,
  DefinitionsSummary,
  InstanceLog,
  SourceFile,
} from "./contract.ts";

export interface Operations {
  /** Checks without changing anything. Throws a Refusal with one body per error found. */
  validate(files: readonly SourceFile[]): Promise<DefinitionsSummary>;
  /** Replaces all definitions, or throws as validate() and changes nothing. */
  apply(files: readonly SourceFile[], by: Actor): Promise<Applied>;

  /**
   * Stores the artifact and the release. The same version with the same content again is the
   * release that is there; with other content it is refused with `release-exists`.
   * Begins the runs of environments that take new releases by themselves.
   */
  createRelease(request: {
    readonly service: ServiceName;
    readonly version: string;
    readonly artifactPath: string;
    readonly author: Actor;
  }): Promise<ReleaseId>;

  planFor(request: LaneKey & { readonly release: ReleaseId }): Promise<{
    readonly plan: Plan;
    /** The plan of the lane's last run. */
    readonly against: Plan | null;
  }>;

  deploy(request: LaneKey & Asked & { readonly release: ReleaseId }): Promise<Run>;
  /** `release` null: what is stable in the environment that this one takes from. Refused with
   * `not-verified` where the release did not succeed there. */
  promote(request: LaneKey & Asked & { readonly release: ReleaseId | null }): Promise<Run>;
  /** `to` null: the last known good one. Turns the active run back, or begins a run of its own. */
  rollback(request: LaneKey & Asked & { readonly to: ReleaseId | null }): Promise<Run>;

  /** The last `tail` lines of each instance that has a log; `slot` null: both. */
  logs(
    request: LaneKey & { readonly slot: SlotName | null; readonly tail: number },
  ): Promise<readonly InstanceLog[]>;
  /** Recomputes every chain from its first record. */
  verifyAudit(): Promise<AuditVerdict>;
  /** Looks at target and router now. Never throws: what could not be seen is `unseen`. */
  observeLane(lane: LaneKey, signal: AbortSignal): Promise<ObservedLane>;
}

export interface Asked {
  readonly by: Actor;
  readonly reason: string | null;
}

export interface ObservedLane {
  readonly target: Seen<TargetState>;
  readonly router: Seen<RouterState>;
}
