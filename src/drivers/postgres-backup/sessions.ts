// Who is connected to a database, and cutting them off. Our own connections, and dumps, stay.

import type pg from "pg";

export const OWN_NAME = "sluice-backup";

/** Those whom the account may not end are left to whoever trips over them. */
export const endSessions = async (client: pg.Client, database: string): Promise<void> => {
  const sessions = await client.query<{ pid: number }>(
    `select pid from pg_stat_activity
     where datname = $1 and backend_type = 'client backend' and pid <> pg_backend_pid()
       and application_name not in ($2, 'pg_dump')`,
    [database, OWN_NAME],
  );
  for (const { pid } of sessions.rows) {
    await client.query("select pg_terminate_backend($1)", [pid]).catch(() => undefined);
  }
};

/** `app as web, psql as root`, at most a few; empty: nobody. */
export const sessionsText = async (client: pg.Client, database: string): Promise<string> => {
  const { rows } = await client.query<{ who: string }>(
    `select distinct coalesce(nullif(application_name, ''), backend_type) ||
       coalesce(' as ' || usename, '') as who
     from pg_stat_activity where datname = $1 order by 1 limit 5`,
    [database],
  );
  return rows.map(({ who }) => who).join(", ");
};
