// Adds a queued run with its first wake-up and its audit record.

import type pg from "pg";

import { append, createdDraft } from "../core/audit-drafts.ts";
import { laneName } from "../core/lane.ts";
import { newRun } from "../core/new-run.ts";
import type { Run } from "../core/run.ts";
import type { NewRun } from "../ports/store.ts";
import { MAX_ATTEMPTS } from "./control-chain.ts";
import { firstRow, movedBy, rows } from "./database.ts";
import type { Statement } from "./database.ts";
import { storable, toJson } from "./json.ts";
import { ENSURE_LANE, LANE_HEAD } from "./queries/heads.ts";
import { restOf } from "./queries/run-row.ts";

const CREATE_RUN: Statement<{ readonly seq: number | null }> = {
  name: "sluice_create_run",
  text: `select sluice.create_run($1, $2, $3, $4, $5, $6, $7, $8, $9)::float8 as seq`,
};

/** Null: the id is taken. */
export const createRun = async (pool: pg.Pool, given: NewRun): Promise<Run | null> => {
  const run = newRun({ ...given, seq: 0 });
  const lane = [run.service, run.environment];
  const draft = storable(createdDraft(given));
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    await rows(pool, ENSURE_LANE, lane);
    const head = await firstRow(pool, LANE_HEAD, lane);
    if (head === null) throw new Error(`lane ${laneName(run)} is neither new nor there`);
    try {
      const created = await firstRow(pool, CREATE_RUN, [
        run.id,
        ...lane,
        toJson(given.plan),
        given.origin.kind === "rollback",
        toJson(given.origin),
        toJson(restOf(run)),
        given.at,
        toJson(append(laneName(run), head, [draft])),
      ]);
      const seq = created?.seq ?? null;
      return seq === null ? null : { ...run, seq };
    } catch (error) {
      if (movedBy(error) !== "SL409") throw error;
    }
  }
  throw new Error(`the audit chain of ${laneName(run)} moved at every attempt to add a run`);
};
