// What is kept besides the state of passes: releases, definitions, and the past for people to read.

import type { RunEvent } from "../core/decision.ts";
import type {
  Actor,
  Digest,
  EnvironmentName,
  Instant,
  ReleaseId,
  RunId,
  ServiceName,
} from "../core/ids.ts";
import type { LaneKey } from "../core/lane.ts";
import type { Plan, Release } from "../core/plan.ts";
import type { DefinitionKind } from "../core/definition-changes.ts";
import type { Definitions } from "../core/playbook.ts";
import type { Outcome, Run } from "../core/run.ts";

export interface ReleaseStore {
  /** With its audit record. A release of this id that is there already stays as it is and is
   * returned: `exists`. */
  add(release: StoredRelease): Promise<{
    readonly kind: "added" | "exists";
    readonly release: StoredRelease;
  }>;
  get(id: ReleaseId): Promise<StoredRelease | null>;
  /** Newest first; `service` null: of all. */
  list(service: ServiceName | null, limit: number): Promise<readonly StoredRelease[]>;
}

export interface StoredRelease extends Release {
  readonly service: ServiceName;
  readonly version: string;
  /** Of the artifact. */
  readonly bytes: number;
  readonly files: number;
  readonly createdAt: Instant;
}

export interface DefinitionStore {
  /** Replaces all definitions by these, with an audit record; what is no longer among them is
   * retired and stays in the history. The same again changes nothing. */
  apply(change: DefinitionChange): Promise<AppliedDefinitions>;
  /** What is applied now; null: nothing was yet. */
  current(): Promise<Definitions | null>;
  /** The files that the current definitions came from, in order of path. */
  sources(): Promise<readonly SourceText[]>;
  /** Every version of one definition, newest first. */
  history(kind: DefinitionKind, name: string, limit: number): Promise<readonly DefinitionVersion[]>;
}

export interface DefinitionChange {
  readonly definitions: Definitions;
  readonly sources: readonly SourceText[];
  readonly by: Actor;
  readonly at: Instant;
}

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface AppliedDefinitions {
  /** Grows with every change, from 1. */
  readonly version: number;
  readonly changed: boolean;
  /** `kind/name`, in order; those that stayed as they were are in none of them. */
  readonly added: readonly string[];
  readonly updated: readonly string[];
  readonly retired: readonly string[];
}

export interface DefinitionVersion {
  readonly version: number;
  readonly kind: DefinitionKind;
  readonly name: string;
  /** SHA-256 over the canonical JSON; null: this version retired it. */
  readonly hash: Digest | null;
  /** Null where it was retired. */
  readonly body: unknown;
  readonly by: Actor;
  readonly at: Instant;
}

export interface HistoryStore {
  /** Newest first. */
  list(filter: RunListFilter): Promise<readonly Run[]>;
  /** In order, those with a greater `seq` than `after`. */
  events(run: RunId, after: number, limit: number): Promise<readonly StoredEvent[]>;
  /** When the run's next wake-up is due; null: it has ended, or there is no such run. */
  nextWake(run: RunId): Promise<Instant | null>;
  /** Ids that begin with this text, at most `limit`. */
  idsLike(beginning: string, limit: number): Promise<readonly RunId[]>;
}

export interface LaneHistory {
  /** The newest run by which this release succeeded in the lane. */
  succeeded(lane: LaneKey, release: ReleaseId): Promise<Run | null>;
  /** The plan of the lane's newest run; null: it never had one. */
  lastPlan(lane: LaneKey): Promise<Plan | null>;
  /** Steps behind which there was no automatic way back, begun in the lane since this release last
   * succeeded there, by runs whose outcome is certain. Newest first, at most a hundred; empty too
   * where the release never succeeded. */
  crossedSince(lane: LaneKey, release: ReleaseId): Promise<readonly CrossedStep[]>;
}

export interface CrossedStep {
  readonly run: RunId;
  readonly step: string;
}

export interface RunListFilter {
  readonly service: ServiceName | null;
  readonly environment: EnvironmentName | null;
  /** `active`: not ended. */
  readonly state: "active" | "ended" | Outcome | null;
  readonly limit: number;
}

export interface StoredEvent extends RunEvent {
  readonly seq: number;
  readonly at: Instant;
}

export interface AuditHeads {
  /** Number of the chain's last record; 0 where it has none. */
  head(chain: string): Promise<number>;
}
