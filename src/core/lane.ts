// A lane is one service in one environment: the place where at most one run is active, where two
// slots live, and whose stable release a rollback returns to.

import type { EnvironmentName, Instant, ReleaseId, RunId, ServiceName } from "./ids.ts";

/** Two places a service can live. The colours are labels: which one is stable changes. */
export type SlotName = "blue" | "green";
export const SLOTS: readonly SlotName[] = ["blue", "green"];
export const otherSlot = (slot: SlotName): SlotName => (slot === "blue" ? "green" : "blue");

export interface LaneKey {
  readonly service: ServiceName;
  readonly environment: EnvironmentName;
}

export interface Lane extends LaneKey {
  /** Compare-and-set guard: every commit that changes the lane adds one. */
  readonly revision: number;
  /** The highest generation any committed decision used here. Never falls. */
  readonly generation: number;
  readonly activeRun: RunId | null;
  /** The slot that carries the known good release; null before the first success. */
  readonly stable: Placement | null;
  /** Releases verified here, newest first, without repetition. */
  readonly knownGood: readonly KnownGood[];
  /** Head of the lane's audit chain: number and hash of its last record. */
  readonly auditSeq: number;
  readonly auditHash: string;
}

export interface Placement {
  readonly slot: SlotName;
  readonly release: ReleaseId;
  /** Full capacity: how many instances it ran with when it became stable. */
  readonly instances: number;
}

export interface KnownGood {
  readonly release: ReleaseId;
  readonly at: Instant;
}

/** `service.environment`: the lane's name in routes, logs, metrics and folder names. */
export const laneName = (lane: LaneKey): string => `${lane.service}.${lane.environment}`;
