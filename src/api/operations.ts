// What the API asks of the engine beyond reading its stores. The shell implements it; this file
// decides only what is promised.
//
// Refusal codes become HTTP statuses in statuses.ts: `unknown-service`, `unknown-environment`,
// `unknown-release`, `unknown-run`, `unknown-lane` and the like are 404, `denied…` is 403, what
// concerns definitions and artifacts is 422, and everything else is a conflict, 409.

import type { Backup } from "../core/backup/backup.ts";
import type { FactBody } from "../core/fact.ts";
import type {
  Actor,
  EnvironmentName,
  Instant,
  ReleaseId,
  RunId,
  ServiceName,
} from "../core/ids.ts";
import type { LaneKey, SlotName } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { Run } from "../core/run.ts";
import type { RouterState, Seen, TargetState } from "../core/snapshot.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { RollbackTier } from "../core/step.ts";
import type { RestoreRequest } from "../ports/backups.ts";
import type { StandingFilter } from "../ports/store.ts";
import type { AuditVerdict } from "./contract/audit.ts";
import type { BackupList } from "./contract/backups.ts";
import type { ConfigurationView } from "./contract/configuration.ts";
import type { Applied, DefinitionsSummary, SourceFile } from "./contract/definitions.ts";
import type { InstanceLog } from "./contract/logs.ts";
import type { MissingSecret } from "./contract/secrets.ts";
import type { SecretOperations } from "./secret-operations.ts";

export interface Operations extends StandingOperations, SecretOperations {
  readonly backups: BackupOperations;

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

  /** A release of a train, from releases of its members. The same again is the one that is there;
   * another is refused with `release-exists`. */
  createTrain(request: {
    readonly release: ReleaseId;
    readonly members: readonly ReleaseId[];
    readonly author: Actor;
  }): Promise<ReleaseId>;

  planFor(request: LaneKey & { readonly release: ReleaseId }): Promise<{
    readonly plan: Plan;
    /** The plan of the lane's last run. */
    readonly against: Plan | null;
  }>;

  deploy(request: LaneKey & Asked & Urgency & { readonly release: ReleaseId }): Promise<Run>;
  /** `release` null: what is stable in the environment that this one takes from. Refused with
   * `not-verified` where the release did not succeed there. */
  promote(
    request: LaneKey & Asked & Urgency & { readonly release: ReleaseId | null },
  ): Promise<Run>;
  /** `to` null: the last known good one. Turns the active run back, or begins a run of its own.
   * `tier` null: `immediate`. */
  rollback(
    request: LaneKey &
      Asked & {
        readonly to: ReleaseId | null;
        readonly tier: RollbackTier | null;
        readonly now?: boolean | undefined;
      },
  ): Promise<Run>;

  /** The last `tail` lines of each instance that has a log; `slot` null: both. */
  logs(
    request: LaneKey & { readonly slot: SlotName | null; readonly tail: number },
  ): Promise<readonly InstanceLog[]>;
  /** As it was applied, with whether secrets can be had now. Throws a Refusal where the service
   * does not live there. */
  explainConfiguration(lane: LaneKey): Promise<ConfigurationView>;
  /** Of those that the plan asks for, the ones that cannot be had now. */
  missingSecrets(plan: Plan): Promise<readonly MissingSecret[]>;
  /** Recomputes every chain from its first record. */
  verifyAudit(): Promise<AuditVerdict>;
  /** Looks at target and router now. Never throws: what could not be seen is `unseen`. */
  observeLane(lane: LaneKey, signal: AbortSignal): Promise<ObservedLane>;
}

/** What is said of releases, places and people, and holds until it is over. Each wakes the runs
 * that it concerns, and is in the audit chain. */
export interface StandingOperations {
  /** Reads the report, by its content, and attaches what it says to the release. Throws a Refusal
   * `unknown-release`, or one that begins with `bad-` where nothing can be read from it. */
  addEvidence(
    request: By & OfRelease & { readonly name: string; readonly bytes: Uint8Array },
  ): Promise<Standing>;
  /** `what`: a finding's id or a value's name. */
  waive(
    request: By &
      OfRelease & {
        readonly what: string;
        readonly reason: string;
        readonly owner: Actor;
        readonly until: Instant;
      },
  ): Promise<Standing>;
  /** A ticket of change management for this release; the newest word on its id counts. */
  recordChange(
    request: By &
      OfRelease & {
        readonly id: string;
        readonly state: "open" | "approved" | "rejected";
        readonly url: string | null;
      },
  ): Promise<Standing>;
  /** Null service or environment: any. `from` null: now; `until` null: until somebody ends it. */
  freeze(
    request: By & {
      readonly service: ServiceName | null;
      readonly environment: EnvironmentName | null;
      readonly from: Instant | null;
      readonly until: Instant | null;
      readonly reason: string;
    },
  ): Promise<Standing>;
  /** `by` is away; `to` approves in their place. `from` null: now. */
  delegate(
    request: By & {
      readonly to: Actor;
      readonly from: Instant | null;
      readonly until: Instant;
      readonly reason: string;
    },
  ): Promise<Standing>;
  /** Ends a standing fact of this kind before its time. Throws a Refusal `unknown-freeze` (or the
   * kind's own name) where there is none with this number, and `already-over` where it is over. */
  endStanding(
    request: By & {
      readonly kind: StandingBody["kind"];
      readonly seq: number;
      readonly reason: string;
    },
  ): Promise<Standing>;
  /** Ends a review with what was found. Throws as endStanding does. */
  reviewDone(request: By & { readonly seq: number; readonly text: string }): Promise<Standing>;
  /** Records a word on an item of a follow-up, and closes the list that is done with it. */
  tickFollowUp(request: By & { readonly run: RunId; readonly fact: FactBody }): Promise<void>;
  /** Newest first. */
  listStanding(filter: StandingFilter): Promise<readonly Standing[]>;
}

/** Each throws a Refusal `unknown-database`, `unknown-database-place` or `unknown-backup` where
 * there is none, and what takes long goes on after the answer. */
export interface BackupOperations {
  make(
    request: By & {
      readonly database: string;
      readonly environment: string | null;
      readonly verify: boolean;
    },
  ): Promise<Backup>;
  /** A store that cannot be read now is among `unread`, with why. */
  list(
    place: { readonly database: string | null; readonly environment: string | null },
    signal: AbortSignal,
  ): Promise<Pick<BackupList, "unread"> & { readonly backups: readonly Backup[] }>;
  one(id: string, signal: AbortSignal): Promise<Backup>;
  verify(request: By & { readonly id: string }): Promise<Backup>;
  restore(request: RestoreRequest & { readonly id: string }): Promise<Backup>;
}

interface By {
  readonly by: Actor;
}

interface OfRelease {
  readonly release: ReleaseId;
}

export interface Asked {
  readonly by: Actor;
  readonly reason: string | null;
}

export interface Urgency {
  /** Past windows and freezes, for as long as the environment allows, and before all that waits or
   * has not begun. Refused with `denied-emergency` where this person may not, and with `no-reason`
   * without one. */
  readonly emergency: boolean;
  /** What has begun in the lane goes back first. Refused with `no-emergency` where this is none,
   * and with `point-of-no-return` where the run there does not go back for anybody. */
  readonly supersede: boolean;
}

export interface ObservedLane {
  readonly target: Seen<TargetState>;
  readonly router: Seen<RouterState>;
}
