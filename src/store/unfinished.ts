// The runs that have not ended, in numbers: what somebody who watches Sluice is woken for.

import type pg from "pg";

import type { Instant } from "../core/ids.ts";
import { firstRow } from "./database.ts";
import type { Statement } from "./database.ts";

export interface Unfinished {
  /** Runs that cannot go on by themselves. */
  readonly stalled: number;
  /** How long ago the most overdue run was to be looked at; 0 where none is late. */
  readonly latenessMs: number;
}

const UNFINISHED: Statement<{ readonly stalled: number; readonly lateness: number }> = {
  name: "sluice_unfinished",
  text: `select
      count(*) filter (where jsonb_typeof(state #> '{state,stalled}') = 'object')::float8
        as stalled,
      greatest(0, coalesce(max($1 - wake_at), 0))::float8 as lateness
    from sluice.runs where state_kind <> 'ended'`,
};

export const unfinished = async (pool: pg.Pool, now: Instant): Promise<Unfinished> => {
  const row = await firstRow(pool, UNFINISHED, [now]);
  return { stalled: row?.stalled ?? 0, latenessMs: row?.lateness ?? 0 };
};
