// What the last verification of the audit chains found, as it was noted in the control chain: for
// all replicas, and for whoever starts later.

import type pg from "pg";

import { CONTROL } from "../core/audit-drafts.ts";
import type { Instant } from "../core/ids.ts";
import { firstRow } from "./database.ts";
import type { Statement } from "./database.ts";

export interface NotedVerdict {
  readonly at: Instant;
  /** The first record that does not fit, in a sentence; null: all chains are whole. */
  readonly fault: string | null;
}

/** The action of such a record. `why` is the fault. */
export const AUDIT_VERIFIED = "audit.verified";

/** A day has fewer records than this, and whoever has more asks again with the next one. */
const LOOK_BACK = 20_000;

const LAST: Statement<{ readonly at: Instant; readonly why: string | null }> = {
  name: "sluice_noted_verdict",
  text: `select at::float8 as at, why from sluice.audit
    where chain = $1 and action = $2
      and seq > (select audit_seq from sluice.control) - ${LOOK_BACK}
    order by seq desc limit 1`,
};

/** Null: nothing was noted yet, or not for long. */
export const notedVerdict = async (pool: pg.Pool): Promise<NotedVerdict | null> => {
  const row = await firstRow(pool, LAST, [CONTROL, AUDIT_VERIFIED]);
  return row === null ? null : { at: row.at, fault: row.why };
};
