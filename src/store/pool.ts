// Connections to PostgreSQL: how many, how long anything may take, and that a lost one never brings
// the process down.

import pg from "pg";

export interface PoolOptions {
  /** Connections at most. The queue keeps three and needs as many more as it works on at once. */
  readonly max: number;
  /** Told of connections that broke while nobody waited for them; the next query reconnects. */
  readonly onLost: (error: Error) => void;
}

/** Getting a connection; while PostgreSQL is away, callers fail after this and try again later. */
const CONNECT_MS = 5_000;
/** One statement, as the server counts it, and as we do in case the server does not answer. */
const STATEMENT_MS = 10_000;
const ANSWER_MS = 15_000;
const IDLE_MS = 30_000;

/** A URL, or fields as startPostgres() gives them. */
export type DatabaseConfig = string | Readonly<pg.ClientConfig>;

export const openPool = (database: DatabaseConfig, options: PoolOptions): pg.Pool => {
  const pool = new pg.Pool({
    ...(typeof database === "string" ? { connectionString: database } : database),
    max: options.max,
    connectionTimeoutMillis: CONNECT_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: STATEMENT_MS,
    query_timeout: ANSWER_MS,
    idle_in_transaction_session_timeout: ANSWER_MS,
    keepAlive: true,
    application_name: "sluice",
  });
  pool.on("error", options.onLost);
  // A connection in use tells its user as well; without a listener it would also end the process.
  pool.on("connect", (client) => client.on("error", options.onLost));
  return pool;
};
