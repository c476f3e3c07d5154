// Records a fact about a run with its audit record, and wakes the run.

import type pg from "pg";

import { append, saidDraft } from "../core/audit-drafts.ts";
import type { Fact, FactBody } from "../core/fact.ts";
import type { Actor, Instant, RunId } from "../core/ids.ts";
import { MAX_ATTEMPTS } from "./control-chain.ts";
import { firstRow, movedBy } from "./database.ts";
import type { Statement } from "./database.ts";
import { storable, toJson } from "./json.ts";
import { HEAD_OF_RUNS_LANE } from "./queries/heads.ts";

const SAY: Statement<{ readonly seq: number | null }> = {
  name: "sluice_say",
  text: `select sluice.say($1, $2, $3, $4, $5)::float8 as seq`,
};

interface Word {
  readonly run: RunId;
  readonly by: Actor;
  readonly at: Instant;
  readonly fact: FactBody;
}

/** Null: no such run. */
export const sayOf = async (pool: pg.Pool, word: Word): Promise<Fact | null> => {
  const { run, by, at } = word;
  const fact = storable(word.fact);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const head = await firstRow(pool, HEAD_OF_RUNS_LANE, [run]);
    if (head === null) return null;
    const draft = saidDraft({ run, planHash: head.plan_hash, by, at, fact });
    const records = append(head.chain, head, [draft]);
    try {
      const said = await firstRow(pool, SAY, [run, by, at, toJson(fact), toJson(records)]);
      const seq = said?.seq ?? null;
      return seq === null ? null : { ...fact, seq, run, by, at };
    } catch (error) {
      if (movedBy(error) !== "SL409") throw error;
    }
  }
  throw new Error(`the audit chain of run ${run} moved at every attempt to add to it`);
};
