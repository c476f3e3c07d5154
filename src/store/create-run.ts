// Adds a queued run with its first wake-up and its audit record; of a train, where no other is in
// the way.

import type pg from "pg";

import { append, createdDraft } from "../core/audit-drafts.ts";
import type { RunId } from "../core/ids.ts";
import { laneName } from "../core/lane.ts";
import { newRun } from "../core/new-run.ts";
import type { Run } from "../core/run.ts";
import type { Alone, Beside, NewRun } from "../ports/store.ts";
import { MAX_ATTEMPTS } from "./control-chain.ts";
import { firstRow, movedBy, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { storable, toJson } from "./json.ts";
import { ENSURE_LANE, LANE_HEAD } from "./queries/heads.ts";
import { restOf } from "./queries/run-row.ts";

interface CreatedRow {
  readonly seq: number | null;
  /** The run that is; null: none. */
  readonly in_the_way: RunId | null;
}

const CREATE_RUN: Statement<CreatedRow> = {
  name: "sluice_create_run",
  text: `select sluice.create_run($1, $2, $3, $4, $5, $6, $7, $8, $9)::float8 as seq,
    null as in_the_way`,
};

const CREATE_ALONE: Statement<CreatedRow> = {
  name: "sluice_create_run_alone",
  text: `select number::float8 as seq, in_the_way
    from sluice.create_run_alone($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
};

/** Null: the id is taken. */
export const createRun = async (pool: pg.Pool, given: NewRun): Promise<Run | null> => {
  const made = await create(pool, given, null);
  return made?.kind === "created" ? made.run : null;
};

/** Null: the id is taken. */
export const createRunAlone = (
  pool: pg.Pool,
  given: NewRun,
  beside: Beside,
): Promise<Alone | null> => create(pool, given, beside);

const create = async (
  pool: pg.Pool,
  given: NewRun,
  beside: Beside | null,
): Promise<Alone | null> => {
  const run = newRun({ ...given, seq: 0 });
  const lane = [run.service, run.environment];
  const draft = storable(createdDraft(given));
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await rows(pool, ENSURE_LANE, lane);
    const head = await firstRow(pool, LANE_HEAD, lane);
    if (head === null) throw new Error(`lane ${laneName(run)} is neither new nor there`);
    try {
      const values = [
        run.id,
        ...lane,
        toJson(given.plan),
        given.origin.kind === "rollback",
        toJson(given.origin),
        toJson(restOf(run)),
        given.at,
        toJson(append(laneName(run), head, [draft])),
      ];
      const created =
        beside === null
          ? await firstRow(pool, CREATE_RUN, values)
          : await firstRow(pool, CREATE_ALONE, [...values, beside.trains, beside.members]);
      if (created?.in_the_way != null) return { kind: "inTheWay", run: created.in_the_way };
      const seq = created?.seq ?? null;
      return seq === null ? null : { kind: "created", run: { ...run, seq } };
    } catch (error) {
      if (movedBy(error) !== "SL409") throw error;
    }
  }
  throw new Error(`the audit chain of ${laneName(run)} moved at every attempt to add a run`);
};
