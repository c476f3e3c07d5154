// Lanes in PostgreSQL, to look at; only passes change them.

import type pg from "pg";

import type { LaneStore } from "../ports/store.ts";
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

export const pgLanes = (pool: pg.Pool): LaneStore => ({
  get: async ({ service, environment }) => {
    const row = await firstRow(pool, GET, [service, environment]);
    return row === null ? null : laneOf(row);
  },
  all: async () => (await rows(pool, ALL, [])).map(laneOf),
});
