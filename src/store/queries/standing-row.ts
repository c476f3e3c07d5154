// A standing fact as its columns are read.

import type { Actor, EnvironmentName, Instant, ReleaseId, ServiceName } from "../../core/ids.ts";
import type { Standing, StandingBody } from "../../core/standing.ts";

export interface StandingRow {
  readonly seq: number;
  readonly said_by: Actor;
  readonly at: Instant;
  readonly from_at: Instant;
  readonly until_at: Instant | null;
  readonly release: ReleaseId | null;
  readonly service: ServiceName | null;
  readonly environment: EnvironmentName | null;
  readonly body: StandingBody;
  readonly ended_by: Actor | null;
  readonly ended_at: Instant | null;
  readonly ended_why: string | null;
}

/** Of `sluice.standing s`. */
export const STANDING_COLUMNS = `s.seq::float8 as seq, s.said_by, s.at::float8 as at,
  s.from_at::float8 as from_at, s.until_at::float8 as until_at, s.release, s.service,
  s.environment, s.body, s.ended_by, s.ended_at::float8 as ended_at, s.ended_why`;

export const standingOf = (row: StandingRow): Standing => {
  const { ended_by: by, ended_at: at, ended_why: reason } = row;
  return {
    seq: row.seq,
    by: row.said_by,
    at: row.at,
    from: row.from_at,
    until: row.until_at,
    release: row.release,
    service: row.service,
    environment: row.environment,
    ended: by === null || at === null || reason === null ? null : { by, at, reason },
    body: row.body,
  };
};
