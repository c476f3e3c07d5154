// Lanes in PostgreSQL, to look at; only passes change them.

import type pg from "pg";

import type { LaneStore, StoredPass } from "../ports/store.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { LANE_COLUMNS, laneOf } from "./queries/lane-row.ts";
import type { LaneRow } from "./queries/lane-row.ts";

const GET: Statement<LaneRow> = {
  name: "sluice_get_lane",
  text: `select ${LANE_COLUMNS} from sluice.lanes l where service = $1 and environment = $2`,
};

const ALL: Statement<LaneRow> = {
  name: "sluice_all_lanes",
  text: `select ${LANE_COLUMNS} from sluice.lanes l order by service, environment`,
};

const WAITING: Statement<StoredPass["waiting"][number]> = {
  name: "sluice_waiting_in_lane",
  text: `select id as run, seq::float8 as seq, release, urgent,
      (origin->'emergency'->>'until')::float8 as "emergencyUntil"
    from sluice.runs
    where service = $1 and environment = $2 and state_kind = 'queued' order by runs.seq`,
};

export const pgLanes = (pool: pg.Pool): LaneStore => ({
  get: async ({ service, environment }) => {
    const row = await firstRow(pool, GET, [service, environment]);
    return row === null ? null : laneOf(row);
  },
  all: async () => (await rows(pool, ALL, [])).map(laneOf),
  waiting: ({ service, environment }) => rows(pool, WAITING, [service, environment]),
});
