// A lane as its columns are read. Numbers come as double precision, which pg hands over as numbers
// and which holds every revision and instant exactly.

import type { EnvironmentName, RunId, ServiceName } from "../../core/ids.ts";
import type { KnownGood, Lane, Placement } from "../../core/lane.ts";

export interface LaneRow {
  readonly service: ServiceName;
  readonly environment: EnvironmentName;
  readonly lane_revision: number;
  readonly lane_generation: number;
  readonly active_run: RunId | null;
  readonly stable: Placement | null;
  readonly known_good: readonly KnownGood[];
  readonly audit_seq: number;
  readonly audit_hash: string;
}

/** Of `sluice.lanes l`. */
export const LANE_COLUMNS = `l.service, l.environment, l.revision::float8 as lane_revision,
  l.generation::float8 as lane_generation, l.active_run, l.stable, l.known_good,
  l.audit_seq::float8 as audit_seq, l.audit_hash`;

export const laneOf = (row: LaneRow): Lane => ({
  service: row.service,
  environment: row.environment,
  revision: row.lane_revision,
  generation: row.lane_generation,
  activeRun: row.active_run,
  stable: row.stable,
  knownGood: row.known_good,
  auditSeq: row.audit_seq,
  auditHash: row.audit_hash,
});
