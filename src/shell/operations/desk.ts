// What the operations work with: the catalogue of releases and definitions, the stores, and the
// seams to what lies outside the shell.

import type { Actor, Digest, ReleaseId, ServiceName } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { Plan, Release } from "../../core/plan.ts";
import type { Definitions } from "../../core/playbook.ts";
import type { Run } from "../../core/run.ts";
import type {
  CrossedStep,
  AppliedDefinitions,
  DefinitionChange,
  StoredRelease,
} from "../../ports/catalog.ts";
import type { LaneStore, RunStore, StandingStore } from "../../ports/store.ts";
import type { World } from "../../ports/world.ts";

export interface Desk {
  readonly world: World;
  readonly runs: RunStore;
  readonly lanes: LaneStore;
  readonly standing: StandingStore;
  readonly catalog: Catalog;
}

export interface Catalog {
  release(id: ReleaseId): Promise<Release | null>;
  releaseIds(service: ServiceName): Promise<readonly ReleaseId[]>;
  hasArtifact(digest: Digest): Promise<boolean>;
  /** Null: nothing was applied yet. */
  definitions(): Promise<Definitions | null>;
  /** Adds it with its audit record, unless the id is there: then that one is returned. */
  addRelease(release: StoredRelease): Promise<Release>;
  /** Puts these in force with their audit record; the same again changes nothing. */
  apply(change: DefinitionChange): Promise<AppliedDefinitions>;
  /** The newest run by which this release succeeded in the lane. */
  succeeded(lane: LaneKey, release: ReleaseId): Promise<Run | null>;
  /** The plan of the lane's newest run. */
  lastPlan(lane: LaneKey): Promise<Plan | null>;
  /** Steps without an automatic way back that were begun since this release last succeeded. */
  crossedSince(lane: LaneKey, release: ReleaseId): Promise<readonly CrossedStep[]>;
}

export interface Asked {
  readonly by: Actor;
  readonly reason: string | null;
}
