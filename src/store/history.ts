// The past in PostgreSQL, for people and for planning.

import type pg from "pg";

import type { Instant, RunId } from "../core/ids.ts";
import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import type { CrossedStep, HistoryStore, LaneHistory, StoredEvent } from "../ports/catalog.ts";
import { firstRow, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { presentPlan } from "./older-plan.ts";
import { RUN_COLUMNS, runOf } from "./queries/run-row.ts";
import type { RunRow, StoredPlan } from "./queries/run-row.ts";

interface WholeRunRow extends RunRow {
  readonly plan: StoredPlan;
}

const RUNS = `select ${RUN_COLUMNS}, p.body as plan
  from sluice.runs r join sluice.plans p on p.hash = r.plan_hash`;

/** $3: active, ended or an outcome. */
const LIST: Statement<WholeRunRow> = {
  name: "sluice_list_runs",
  text: `${RUNS}
    where ($1::text is null or r.service = $1) and ($2::text is null or r.environment = $2)
      and case $3::text
        when 'active' then r.state_kind <> 'ended'
        when 'ended' then r.state_kind = 'ended'
        else $3 is null or (r.state_kind = 'ended' and r.outcome = $3)
      end
    order by r.seq desc limit $4`,
};

const SUCCEEDED: Statement<WholeRunRow> = {
  name: "sluice_succeeded_run",
  text: `${RUNS}
    where r.service = $1 and r.environment = $2 and r.release = $3 and r.outcome = 'succeeded'
    order by r.seq desc limit 1`,
};

const LAST_PLAN: Statement<{ readonly body: StoredPlan }> = {
  name: "sluice_last_plan",
  text: `select p.body from sluice.runs r join sluice.plans p on p.hash = r.plan_hash
    where r.service = $1 and r.environment = $2 order by r.seq desc limit 1`,
};

const CROSSED_SINCE: Statement<CrossedStep> = {
  name: "sluice_crossed_since",
  text: `select r.id as run, r.state->>'noReturn' as step from sluice.runs r
    where r.service = $1 and r.environment = $2 and r.outcome is not null
      and r.state->>'noReturn' is not null
      and r.seq > (select max(g.seq) from sluice.runs g
        where g.service = $1 and g.environment = $2 and g.release = $3
          and g.outcome = 'succeeded')
    order by r.seq desc limit 100`,
};

interface EventRow {
  readonly seq: number;
  readonly at: Instant;
  readonly type: string;
  readonly step: string | null;
  readonly reasons: readonly Reason[];
}

const EVENTS: Statement<EventRow> = {
  name: "sluice_events",
  text: `select seq::float8 as seq, at::float8 as at, type, step, reasons
    from sluice.events where run = $1 and seq > $2 order by seq limit $3`,
};

const NEXT_WAKE: Statement<{ readonly at: Instant | null }> = {
  name: "sluice_next_wake",
  text: `select wake_at::float8 as at from sluice.runs where id = $1`,
};

const IDS_LIKE: Statement<{ readonly id: RunId }> = {
  name: "sluice_ids_like",
  text: `select id from sluice.runs where starts_with(id, $1) order by seq desc limit $2`,
};

export const pgHistory = (pool: pg.Pool): HistoryStore & LaneHistory => ({
  list: async ({ service, environment, state, limit }) =>
    (await rows(pool, LIST, [service, environment, state, limit])).map(wholeRun),
  events: (run, after, limit): Promise<readonly StoredEvent[]> =>
    rows(pool, EVENTS, [run, after, limit]),
  nextWake: async (run) => (await firstRow(pool, NEXT_WAKE, [run]))?.at ?? null,
  idsLike: async (beginning, limit) =>
    (await rows(pool, IDS_LIKE, [beginning, limit])).map((row) => row.id),
  succeeded: async ({ service, environment }, release) => {
    const row = await firstRow(pool, SUCCEEDED, [service, environment, release]);
    return row === null ? null : wholeRun(row);
  },
  lastPlan: async ({ service, environment }) => {
    const row = await firstRow(pool, LAST_PLAN, [service, environment]);
    return row === null ? null : presentPlan(row.body);
  },
  crossedSince: ({ service, environment }, release) =>
    rows(pool, CROSSED_SINCE, [service, environment, release]),
});

const wholeRun = (row: WholeRunRow): Run => runOf(row, presentPlan(row.plan));
