// Brings the database's schemas to what this version needs: our own numbered files, each once and
// in order, and the queue's. One process at a time; the others wait and then find it done.

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

import { runMigrations } from "graphile-worker";
import type pg from "pg";

import { Refusal } from "../core/refusal.ts";
import { quietLogger } from "./queue-log.ts";

/** "migrate" in ASCII. */
const LOCK = "30518444955988069";
const OLDEST_SERVER = 140_000;
/** A large table takes its time. */
const PATIENCE_MS = 600_000;

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Throws a Refusal where the database cannot be reached, its server is too old, or it is newer
 * than this program or was made from other files. */
export const migrate = async (pool: pg.Pool): Promise<void> => {
  const client = await pool.connect().catch(refuseUnreachable);
  try {
    await refuseOldServer(client);
    await client.query(`set statement_timeout = ${PATIENCE_MS}`);
    await waitForTurn(client);
    try {
      await runMigrations({ pgPool: pool, logger: quietLogger(null) });
      await applyOurs(client, await readMigrations());
    } finally {
      await client.query("select pg_advisory_unlock($1)", [LOCK]);
    }
  } finally {
    client.release(true);
  }
};

const refuseUnreachable = (error: unknown): never => {
  throw new Refusal({
    code: "database-unreachable",
    message: `the database does not let us in: ${reasonOf(error)}`,
    where: "--database-url",
    hint: "see that the server runs, and that host, database, user and password are right",
  });
};

/** Where a host name has several addresses, each has its own reason. */
const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join("; ");
  return error instanceof Error ? error.message : String(error);
};

const refuseOldServer = async (client: pg.PoolClient): Promise<void> => {
  const { rows } = await client.query<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number,
            current_setting('server_version') as name`,
  );
  const [server] = rows;
  if (server !== undefined && server.number >= OLDEST_SERVER) return;
  throw new Refusal({
    code: "postgres-too-old",
    message: `the database is PostgreSQL ${server?.name}, and Sluice needs 14 or newer`,
    hint: "point --database-url at a newer server, or leave it out to use the embedded one",
  });
};

/** Asked in short turns, since the client gives up on any one answer after a while. */
const waitForTurn = async (client: pg.PoolClient): Promise<void> => {
  const turn = "set lock_timeout = '5s'; select pg_advisory_lock(" + LOCK + ")";
  for (let attempt = 0; attempt < MAX_TURNS; attempt += 1) {
    try {
      await client.query(turn);
      await client.query("set lock_timeout = 0");
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== "55P03") throw error;
    }
  }
  throw new Refusal({
    code: "migration-takes-too-long",
    message: "another process has been migrating this database for ten minutes",
    hint: "look at what it waits for in pg_stat_activity",
  });
};

const MAX_TURNS = 120;

const folder = new URL("./migrations/", import.meta.url);

const readMigrations = async (): Promise<readonly Migration[]> => {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).toSorted();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(new URL(name, folder), "utf8");
      const checksum = createHash("sha256").update(text).digest("hex");
      return { number: Number(name.slice(0, 4)), name, text, checksum };
    }),
  );
};

const applyOurs = async (
  client: pg.PoolClient,
  migrations: readonly Migration[],
): Promise<void> => {
  await client.query(`
    create schema if not exists sluice;
    create table if not exists sluice.migrations (
      number integer primary key,
      name text not null,
      checksum text not null,
      applied_at timestamptz not null default now()
    )`);
  const { rows } = await client.query<Omit<Migration, "text">>(
    "select number, name, checksum from sluice.migrations order by number",
  );
  refuseForeign(rows, migrations);
  for (const migration of migrations.slice(rows.length)) {
    await client.query("begin");
    try {
      await client.query(patiently(migration.text));
      await client.query(
        "insert into sluice.migrations (number, name, checksum) values ($1, $2, $3)",
        [migration.number, migration.name, migration.checksum],
      );
      await client.query("commit");
    } catch (error) {
      await client.query("rollback");
      throw error;
    }
  }
};

/** Types of pg know the option only for connections. */
const patiently = (text: string): pg.QueryConfig => {
  const config: pg.QueryConfig & { readonly query_timeout: number } = {
    text,
    query_timeout: PATIENCE_MS,
  };
  return config;
};

const refuseForeign = (
  applied: readonly Omit<Migration, "text">[],
  known: readonly Migration[],
): void => {
  for (const [at, row] of applied.entries()) {
    const file = known[at];
    if (file?.checksum === row.checksum && file.number === row.number) continue;
    throw new Refusal({
      code: file === undefined ? "database-newer" : "migration-changed",
      message:
        file === undefined
          ? `the database has migration ${row.name}, which this version of Sluice does not know`
          : `migration ${row.name} was applied with other content than ${file.name} has now`,
      hint: "run the version of Sluice that last used this database, or a newer one",
    });
  }
};
