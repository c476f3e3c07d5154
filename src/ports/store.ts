// What is kept between passes. PostgreSQL in production, memory in the simulator; one contract test
// for both. Small interfaces, so that each caller names what it needs.

import type { AuditRecord } from "../core/audit.ts";
import type { Decision } from "../core/decision.ts";
import type { Effect, EffectOutcome, EffectRecord } from "../core/effect.ts";
import type { FirstSeen } from "../core/evidence/evidence.ts";
import type { Fact, FactBody } from "../core/fact.ts";
import type {
  Actor,
  EnvironmentName,
  Instant,
  ReleaseId,
  RunId,
  ServiceName,
} from "../core/ids.ts";
import type { Lane, LaneKey } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { Origin, Run } from "../core/run.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { Standing, StandingBody } from "../core/standing.ts";
import type { MemberSight, TrainSight } from "../core/train/train.ts";

/** Everything of a pass that comes from the store, read in one consistent look. */
export interface StoredPass {
  readonly run: Run;
  readonly lane: Lane;
  readonly effects: Snapshot["effects"];
  readonly facts: Snapshot["facts"];
  readonly waiting: Snapshot["waiting"];
  readonly standing: Snapshot["standing"];
  readonly verifiedIn: Snapshot["verifiedIn"];
  /** Only where the run's plan has deadlines for findings. */
  readonly firstSeen?: Snapshot["firstSeen"] | undefined;
  /** Of a train's run alone. */
  readonly members?: readonly MemberSight[];
  /** Of the run of a train's member alone. */
  readonly train?: TrainSight;
}

export interface NewRun {
  readonly id: RunId;
  readonly plan: Plan;
  readonly origin: Origin;
  readonly at: Instant;
}

export interface RunStore {
  /** Null: no such run. */
  load(id: RunId): Promise<StoredPass | null>;
  /**
   * One transaction: run and lane by compare-and-set on both revisions, generation, once effects,
   * events, audit records, the next wake-up of the run, and, where the run frees its lane, the
   * wake-up of the next one waiting. What its train or its members need to know of it wakes them;
   * should that go astray, they look again by themselves.
   * `conflict` means that nothing was written.
   * Returns the effects under their keys.
   */
  commit(
    commit: Commit,
  ): Promise<
    | { readonly kind: "committed"; readonly run: Run; readonly effects: readonly Effect[] }
    | { readonly kind: "conflict" }
  >;
  /** Adds a queued run, its lane where it is new, its first wake-up and its audit record. The same
   * id again changes nothing and returns the run that is there. */
  create(run: NewRun): Promise<Run>;
  /** As `create`, of a train; unless one of `trains` is under way in its environment with one of
   * `members`, which is asked in the same transaction: then nothing changes. */
  createAlone(run: NewRun, beside: Beside): Promise<Alone>;
  /** Records a fact with its audit record and wakes the run. Null: no such run. */
  say(run: RunId, by: Actor, at: Instant, fact: FactBody): Promise<Fact | null>;
}

export interface Beside {
  readonly trains: readonly ServiceName[];
  readonly members: readonly ServiceName[];
}

export type Alone =
  | { readonly kind: "created"; readonly run: Run }
  | { readonly kind: "inTheWay"; readonly run: RunId };

export interface Commit {
  /** As loaded: its revisions are the guard. */
  readonly before: StoredPass;
  readonly decision: Decision;
  /** Highest generation seen at target and router: the new one is above it too. */
  readonly observedGeneration: number;
  readonly at: Instant;
}

/** Once effects, by `run/generation/ordinal` (effectId in core/effect.ts). */
export interface EffectStore {
  /** Pending → started. False: somebody else has it, or it is done. */
  claim(id: string, by: string, at: Instant): Promise<boolean>;
  /** Says that the work is still going on. False: the claim is no longer ours. */
  beat(id: string, by: string, at: Instant): Promise<boolean>;
  /** Started → done, and wakes the run. A second outcome changes nothing. */
  finish(id: string, outcome: EffectOutcome, at: Instant): Promise<void>;
  /** Started effects without a beat since `before`: repeatable ones become pending again, the
   * others done with outcome `unknown`; their runs are woken. Returns how many. */
  expire(before: Instant, at: Instant): Promise<number>;
  get(id: string): Promise<EffectRecord | null>;
}

export interface AuditStore {
  /** Appends to `control`. */
  append(entry: {
    readonly at: Instant;
    readonly by: Actor;
    readonly action: string;
    readonly subject: string;
    readonly why: string | null;
    readonly data: Readonly<Record<string, unknown>>;
  }): Promise<AuditRecord>;
  chains(): Promise<readonly string[]>;
  /** In order of seq, from `after` on. */
  read(chain: string, after: number, limit: number): Promise<readonly AuditRecord[]>;
}

export interface NewStanding extends Pick<
  Standing,
  "by" | "at" | "from" | "until" | "release" | "service" | "environment" | "body"
> {
  /** The same id again changes nothing and returns what is there. */
  readonly id: string;
}

export interface StandingFilter {
  readonly kind: StandingBody["kind"] | null;
  /** What concerns it: said of it, or of anything that it is part of. Null: whatever it is
   * about. */
  readonly release: ReleaseId | null;
  readonly service: ServiceName | null;
  readonly environment: EnvironmentName | null;
  /** Only what is in force then, or begins later; null: also what is over. */
  readonly at: Instant | null;
  readonly limit: number;
}

/** Standing facts, with their audit records in `control`. Whatever is said or ended wakes the
 * unfinished runs that it concerns. */
export interface StandingStore {
  add(fact: NewStanding): Promise<Standing>;
  /** Null: there is none. One that is over stays as it is. */
  end(seq: number, by: Actor, at: Instant, reason: string): Promise<Standing | null>;
  get(seq: number): Promise<Standing | null>;
  /** Newest first. */
  list(filter: StandingFilter): Promise<readonly Standing[]>;
}

/** Since when findings are known: kept along with the reports that `standing` takes. */
export interface SightingStore {
  /** Of every finding in the reports of this release that are in force. */
  firstSeen(release: ReleaseId): Promise<readonly FirstSeen[]>;
}

export interface LaneStore {
  get(key: LaneKey): Promise<Lane | null>;
  all(): Promise<readonly Lane[]>;
  /** The runs that wait for the lane, in the order of their creation; none of an unknown lane. */
  waiting(key: LaneKey): Promise<StoredPass["waiting"]>;
}
