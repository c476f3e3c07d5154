// That this replica lives, for the others to see: a row with a sign of life, and an advisory lock
// of a session that ends with the process, however it ends. Who is gone loses its jobs to others.

import type pg from "pg";

import type { Instant } from "../core/ids.ts";

export interface Presence {
  /** To be called every few seconds. Signs in again where the session was lost; throws while the
   * database is away. */
  beat(pools: readonly string[], now: Instant): Promise<void>;
  /** Signs out; the session goes back, also one that is only being opened. No beat counts after. */
  end(): Promise<void>;
}

/** "sluc" in ASCII: the class of these locks. */
export const LOCK_CLASS = 0x736c7563;

const SIGN_IN = `select sluice.sign_in($1, $2, $3) as number`;
const LOCK = `select pg_try_advisory_lock($1, $2)`;
const SIGN_OUT = `delete from sluice.replicas where id = $1`;

export const presence = (pool: pg.Pool, replica: string): Presence => {
  let session: pg.PoolClient | null = null;
  let ended = false;
  const drop = (client: pg.PoolClient): void => {
    if (session !== client) return;
    session = null;
    client.release(true);
  };
  return {
    beat: async (pools, now) => {
      if (ended) return;
      const client = session ?? (await pool.connect());
      // It ended while we connected, and knows nothing of this client: the pool waits for it.
      if (ended) return client.release(true);
      const fresh = session === null;
      session = client;
      if (fresh) client.once("end", () => drop(client));
      try {
        const { rows } = await client.query<{ number: number }>(SIGN_IN, [replica, pools, now]);
        if (fresh) await client.query(LOCK, [LOCK_CLASS, rows[0]?.number ?? 0]);
      } catch (error) {
        drop(client);
        throw error;
      }
    },
    end: async () => {
      ended = true;
      const client = session;
      if (client === null) return;
      try {
        await client.query(SIGN_OUT, [replica]);
      } catch {
        // The database is away; the others will notice that we are.
      }
      drop(client);
    },
  };
};
