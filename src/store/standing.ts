// Standing facts in PostgreSQL: said once under an id of their own, ended at most once, otherwise
// never changed.

import type pg from "pg";

import { isScan } from "../core/evidence/finding-tally.ts";
import type { Actor, Instant } from "../core/ids.ts";
import { later } from "../core/ids.ts";
import { standingDraft, standingEndedDraft } from "../core/standing-drafts.ts";
import { isOver, LONG_OVER_MS } from "../core/standing-scope.ts";
import type { Standing } from "../core/standing.ts";
import type { NewStanding, StandingFilter, StandingStore } from "../ports/store.ts";
import { withControlRecord } from "./control-chain.ts";
import { firstRow, movedBy, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { storable, toJson } from "./json.ts";
import { STANDING_COLUMNS, standingOf } from "./queries/standing-row.ts";
import type { StandingRow } from "./queries/standing-row.ts";

const ADD: Statement<{ readonly seq: number | null }> = {
  name: "sluice_add_standing",
  text: `select sluice.add_standing($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)::float8
    as seq`,
};

/** The same, of a scanner's report. */
const ADD_SCAN: Statement<{ readonly seq: number | null }> = {
  name: "sluice_add_scan",
  text: `select sluice.add_scan($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)::float8
    as seq`,
};

const END: Statement<unknown> = {
  name: "sluice_end_standing",
  text: `select sluice.end_standing($1, $2, $3, $4, $5)`,
};

const BY_ID: Statement<StandingRow> = {
  name: "sluice_standing_by_id",
  text: `select ${STANDING_COLUMNS} from sluice.standing s where id = $1`,
};

const BY_SEQ: Statement<StandingRow> = {
  name: "sluice_standing_by_seq",
  text: `select ${STANDING_COLUMNS} from sluice.standing s where seq = $1`,
};

/** $2: a release says its service itself. */
const LIST: Statement<StandingRow> = {
  name: "sluice_list_standing",
  text: `select ${STANDING_COLUMNS} from sluice.standing s
    where ($1::text is null or s.kind = $1)
      and ($2::text is null or s.release is null or s.release = $2)
      and ($3::text is null or coalesce(s.service, $3) = $3)
      and ($3::text is null or s.release is null or starts_with(s.release, $3 || '@'))
      and ($4::text is null or s.environment is null or s.environment = $4)
      and ($5::bigint is null or (coalesce(s.until_at > $5, true)
        and coalesce(s.ended_at > $5, true)))
    order by s.seq desc limit $6`,
};

export const pgStanding = (pool: pg.Pool): StandingStore => ({
  add: (fact) => add(pool, fact),
  end: async (seq, by, at, reason) => {
    try {
      return await end(pool, seq, { by, at, reason });
    } catch (error) {
      if (movedBy(error) !== "SL409") throw error;
      return await bySeq(pool, seq);
    }
  },
  get: (seq) => bySeq(pool, seq),
  list: async ({ kind, release, service, environment, at, limit }: StandingFilter) => {
    const found = await rows(pool, LIST, [kind, release, service, environment, at, limit]);
    return found.map(standingOf);
  },
});

const add = async (pool: pg.Pool, given: NewStanding): Promise<Standing> => {
  const fact = storable(given);
  const { id, by, at, from, until, release, service, environment, body } = fact;
  const values = [id, body.kind, by, at, from, until, release, service, environment, toJson(body)];
  const longOver = later(at, -LONG_OVER_MS);
  const isReport = body.kind === "evidence" && isScan(body.evidence) && release !== null;
  const added = await withControlRecord(pool, standingDraft(fact), (record) =>
    firstRow(pool, isReport ? ADD_SCAN : ADD, [...values, longOver, toJson([record])]),
  );
  const seq = added?.seq ?? null;
  if (seq !== null) {
    return { seq, by, at, from, until, release, service, environment, ended: null, body };
  }
  const there = await firstRow(pool, BY_ID, [id]);
  if (there === null) throw new Error(`standing fact ${id} is neither new nor there`);
  return standingOf(there);
};

const bySeq = async (pool: pg.Pool, seq: number): Promise<Standing | null> => {
  const row = await firstRow(pool, BY_SEQ, [seq]);
  return row === null ? null : standingOf(row);
};

interface Word {
  readonly by: Actor;
  readonly at: Instant;
  readonly reason: string;
}

const end = async (pool: pg.Pool, seq: number, given: Word): Promise<Standing | null> => {
  const fact = await bySeq(pool, seq);
  if (fact === null || isOver(fact, given.at)) return fact;
  const { by, at, reason } = storable(given);
  await withControlRecord(pool, standingEndedDraft(fact, { by, at, reason }), (record) =>
    rows(pool, END, [seq, by, at, reason, toJson([record])]),
  );
  return { ...fact, ended: { by, at, reason } };
};
