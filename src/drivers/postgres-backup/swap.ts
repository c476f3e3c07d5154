// One database in the place of another, in one transaction: either both names have changed or none.
// What was there stays, under a name that says which order took its place, so that no second one
// with the same order ever can.

import pg from "pg";
import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";
import { endSessions, sessionsText } from "./sessions.ts";

/** PostgreSQL cuts longer names off. */
const NAME_BYTES = 63;
/** Between two rounds of cutting sessions off while PostgreSQL waits for them to go, which it does
 * for five seconds. */
const CUT_EVERY_MS = 200;
const ATTEMPTS = 2;

/** `app_before_r_k3x9ab12_back_4f1c2b`: of this order and no other. */
export const keptName = (database: string, order: string): string => {
  const run = order.split("/")[0]?.replaceAll(/[^a-z0-9]/gu, "_") ?? "";
  const digest = createHash("sha256").update(order).digest("hex").slice(0, 8);
  const tail = `_before_${run.slice(0, 24)}_${digest}`;
  let name = "";
  for (const letter of database) {
    if (Buffer.byteLength(name + letter + tail) > NAME_BYTES) break;
    name += letter;
  }
  return name + tail;
};

export const isThere = async (client: pg.Client, database: string): Promise<boolean> => {
  const { rows } = await client.query("select from pg_database where datname = $1", [database]);
  return rows.length > 0;
};

export interface Swap {
  /** Of a third database on the same server: nobody renames the one that he is in. */
  readonly from: Address;
  readonly live: string;
  readonly fresh: string;
  readonly kept: string;
  /** Said of what is kept. */
  readonly comment: string;
}

/** False: somebody else has done it under the same name. Throws a Refusal `database-in-use`. */
export const swap = async (
  { from, live, fresh, kept, comment }: Swap,
  signal: AbortSignal,
): Promise<boolean> =>
  connected(from, signal, async (client) => {
    const [liveId, freshId, keptId] = [live, fresh, kept].map((n) => client.escapeIdentifier(n));
    const statements = [
      `alter database ${liveId} rename to ${keptId}`,
      `alter database ${freshId} rename to ${liveId}`,
      `alter database ${keptId} set default_transaction_read_only = 'on'`,
      `comment on database ${keptId} is ${client.escapeLiteral(comment)}`,
    ];
    for (let attempt = 1; ; attempt += 1) {
      try {
        await whileCutting(from, live, signal, async () => {
          await client.query("begin");
          for (const statement of statements) await client.query(statement);
          await client.query("commit");
        });
        return true;
      } catch (error) {
        await client.query("rollback");
        const code = error instanceof pg.DatabaseError ? error.code : undefined;
        if (code === DUPLICATE && (await isThere(client, kept))) return false;
        if (code !== IN_USE) throw error;
        if (attempt >= ATTEMPTS) throw inUse(from, live, await sessionsText(client, live));
      }
    }
  });

const DUPLICATE = "42P04";
const IN_USE = "55006";

/** From the first rename on nobody comes in any more; who is in has to go. */
const whileCutting = async (
  from: Address,
  live: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> => {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const cutting = connected(from, either, async (client) => {
    while (!either.aborted) {
      await endSessions(client, live);
      await sleep(CUT_EVERY_MS, undefined, { signal: either });
    }
  }).catch(() => undefined);
  try {
    await work();
  } finally {
    over.abort();
    await cutting;
  }
};

const inUse = ({ text }: Address, live: string, who: string): Refusal =>
  new Refusal({
    code: "database-in-use",
    message: `${live} is still in use${who === "" ? "" : ` by ${who}`}`,
    where: text,
    hint: "end what is connected, and prepared transactions, or give the account pg_signal_backend",
  });
