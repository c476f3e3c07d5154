// Appends to the control chain. The hash needs the head and the head may move meanwhile, so it is
// read, written on condition, and read again where somebody was faster.

import type pg from "pg";

import type { AuditRecord } from "../core/audit.ts";
import { append, CONTROL } from "../core/audit-drafts.ts";
import type { AuditDraft } from "../core/audit-drafts.ts";
import { firstRow, movedBy } from "./database.ts";
import { storable } from "./json.ts";
import { CONTROL_HEAD } from "./queries/heads.ts";

/** More losses in a row than any number of replicas brings about. */
export const MAX_ATTEMPTS = 50;

/**
 * `write` gets the sealed record and must pass it on to sluice.append_control, in the transaction
 * of what the record tells of.
 */
export const withControlRecord = async <T>(
  pool: pg.Pool,
  draft: AuditDraft,
  write: (record: AuditRecord) => Promise<T>,
): Promise<T> => {
  const clean = storable(draft);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const record = await sealForControl(pool, clean);
    try {
      return await write(record);
    } catch (error) {
      if (movedBy(error) !== "SL410") throw error;
    }
  }
  throw new Error("the control chain moved at every attempt to append to it");
};

export const sealForControl = async (pool: pg.Pool, draft: AuditDraft): Promise<AuditRecord> => {
  const head = await firstRow(pool, CONTROL_HEAD, []);
  if (head === null) throw new Error("the database has no control chain");
  const [record] = append(CONTROL, head, [draft]);
  if (record === undefined) throw new Error("nothing was sealed");
  return record;
};
