// Writes refused while a database is put back: it can only be read, and its comment says why and
// how it was. So whoever comes after one that broke off can tell, be it a person or the next try.

import type pg from "pg";
import { z } from "zod";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";
import { endSessions } from "./sessions.ts";

export interface Mark {
  /** What it said of itself before; null: nothing. */
  readonly readOnly: string | null;
  readonly comment: string | null;
}

const MARK = "Sluice refuses writes while it puts a backup in place";
const ALLOW_MS = 30_000;
/** Two who say something of a database at the same moment: PostgreSQL has an error for the second.
 * The number is ours and means nothing. */
const ALONE = "begin; select pg_advisory_xact_lock(7351882046)";

const schema: z.ZodType<Mark> = z.strictObject({
  readOnly: z.string().nullable(),
  comment: z.string().nullable(),
});

/** Null: nobody refuses writes by this comment. */
export const leftMark = (comment: string | null): Mark | null => {
  if (comment === null || !comment.startsWith(MARK)) return null;
  const from = comment.indexOf("{");
  try {
    return schema.parse(JSON.parse(comment.slice(from)));
  } catch {
    return null;
  }
};

/** Whoever is connected is cut off, and can only read from then on. */
export const refuseWriters = async (
  address: Address,
  order: string,
  mark: Mark,
  signal: AbortSignal,
): Promise<void> => {
  await connected(address, signal, async (client) => {
    const comment = client.escapeLiteral(`${MARK} (${order}); before: ${JSON.stringify(mark)}`);
    const there = client.escapeIdentifier(address.database);
    await client.query(ALONE);
    await client.query(`alter database ${there} set default_transaction_read_only = 'on'`);
    await client.query(`comment on database ${there} is ${comment}`);
    await client.query("commit");
    await endSessions(client, address.database);
  });
};

/** As it was. Not with the signal of the work, which may be over. */
export const allowWriters = async (address: Address, mark: Mark): Promise<void> => {
  await connected(address, AbortSignal.timeout(ALLOW_MS), async (client) => {
    const there = client.escapeIdentifier(address.database);
    if (leftMark(await commentOn(client)) === null) return;
    const { readOnly, comment } = mark;
    const set =
      readOnly === null
        ? "reset default_transaction_read_only"
        : `set default_transaction_read_only = ${client.escapeLiteral(readOnly)}`;
    const said = comment === null ? "null" : client.escapeLiteral(comment);
    await client.query(ALONE);
    await client.query(`alter database ${there} ${set}`);
    await client.query(`comment on database ${there} is ${said}`);
    await client.query("commit");
    await endSessions(client, address.database);
  });
};

const commentOn = async (client: pg.Client): Promise<string | null> => {
  const { rows } = await client.query<{ comment: string | null }>(
    `select shobj_description(oid, 'pg_database') as comment
     from pg_database where datname = current_database()`,
  );
  return rows[0]?.comment ?? null;
};
