// Who owns the data directory: the process whose session holds one advisory lock in its database.
// The lock goes with the session and the session with the process, so nothing stale can remain.

import pg from "pg";

import { PORT, USER } from "./settings.ts";

export interface PostgresConfig {
  /** Folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

export const configOf = (sockets: string, database: string): PostgresConfig => ({
  host: sockets,
  port: PORT,
  user: USER,
  database,
});

export type Claim =
  | { readonly kind: "owned"; readonly ownership: Ownership }
  /** `pid` null: the owner is just about to go, or to come. */
  | { readonly kind: "taken"; readonly pid: number | null }
  /** Nobody answers: not started yet, stopping, or not there. */
  | { readonly kind: "unreachable"; readonly why: string };

export interface Ownership {
  /** Resolves when the session is gone, and with it the lock. */
  readonly lost: Promise<void>;
  query(text: string): Promise<readonly unknown[]>;
  release(): Promise<void>;
}

/** "sluice" in ASCII, cut to 32 bits. */
const LOCK = 0x736c7563;
/** Always there, whatever becomes of ours. */
const MAINTENANCE = "postgres";
const ANSWER_MS = 3_000;
const NAME = "sluice up, process ";

export const claim = async (sockets: string): Promise<Claim> => {
  const client = new pg.Client({
    ...configOf(sockets, MAINTENANCE),
    application_name: `${NAME}${process.pid}`,
    connectionTimeoutMillis: ANSWER_MS,
    query_timeout: ANSWER_MS,
  });
  const lost = new Promise<void>((resolve) => client.once("end", () => resolve()));
  client.on("error", () => {});
  try {
    await client.connect();
    const locked = await client.query<{ locked: boolean }>(
      "select pg_try_advisory_lock($1) as locked",
      [LOCK],
    );
    if (locked.rows[0]?.locked === true) return { kind: "owned", ownership: owning(client, lost) };
    const pid = await ownerOf(client);
    await client.end();
    return { kind: "taken", pid };
  } catch (error) {
    void client.end().catch(() => {});
    return { kind: "unreachable", why: error instanceof Error ? error.message : String(error) };
  }
};

const ownerOf = async (client: pg.Client): Promise<number | null> => {
  const { rows } = await client.query<{ name: string }>(
    `select application_name as name from pg_stat_activity join pg_locks using (pid)
     where locktype = 'advisory' and granted and objid = $1::bigint::oid
       and pg_stat_activity.datname = current_database()`,
    [LOCK],
  );
  const name = rows[0]?.name ?? "";
  return name.startsWith(NAME) ? Number(name.slice(NAME.length)) : null;
};

const owning = (client: pg.Client, lost: Promise<void>): Ownership => ({
  lost,
  query: async (text) => (await client.query<Record<string, unknown>>(text)).rows,
  release: () => client.end().catch(() => {}),
});
