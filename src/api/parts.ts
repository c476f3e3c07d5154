// All that the API is made of: a few reads of the stores, the engine's operations, the time. Small
// interfaces, so that a test needs no database to have an API.

import type { Registry } from "prom-client";
import type { Blobs } from "../ports/blobs.ts";
import type { AuditHeads, DefinitionStore, HistoryStore, ReleaseStore } from "../ports/catalog.ts";
import type { AuditStore, LaneStore, RunStore, SightingStore } from "../ports/store.ts";
import type { World } from "../ports/world.ts";
import type { Health } from "./contract/health.ts";
import type { Operations } from "./operations.ts";

export interface ApiParts {
  readonly runs: Pick<RunStore, "load" | "say">;
  readonly lanes: Pick<LaneStore, "get" | "all">;
  readonly audit: Pick<AuditStore, "chains" | "read"> & AuditHeads;
  readonly history: Pick<HistoryStore, "list" | "events" | "nextWake" | "idsLike">;
  readonly sightings: SightingStore;
  readonly releases: Pick<ReleaseStore, "get" | "list">;
  readonly artifacts: Pick<Blobs, "list">;
  readonly definitions: Pick<DefinitionStore, "current">;
  readonly operations: Operations;
  readonly world: Pick<World, "now" | "sleep" | "newId">;
  readonly log: ApiLog;
  /** What the control plane says of itself; the API adds nothing. Never throws. */
  health(): Promise<Health>;
  /** Metrics of the whole process, names `sluice_*`; the API adds its own. */
  readonly metrics: Registry;
}

/** The few words of a logger that the API uses; pino has them. */
export interface ApiLog {
  info(fields: object, text: string): void;
  error(fields: object, text: string): void;
}
