// A shop whose database is backed up before a migration that forgets a condition, with a real
// PostgreSQL beside Sluice.

import { join } from "node:path";

import type { Outside } from "../../src/drivers/postgres-backup/outside-postgres.testing.ts";
import { environment, playbook, service } from "./definitions.ts";

export const LANE = { service: "shop", environment: "live" };
export const ALL = 1_000;
/** It may delete, and its password stands in the definitions. */
export const MIGRATOR = "migrator";

interface Careful {
  readonly outside: Outside;
  readonly port: number;
  /** How many backups are kept. */
  readonly keep: number;
  /** What the backup says besides its database. */
  readonly backup?: Readonly<Record<string, unknown>>;
  readonly phase: "migrate" | "contract";
  readonly after?: readonly unknown[];
}

/** Of a thousand orders the migration leaves ten. */
export const carefulShop = ({ outside, port, keep, backup, phase, after }: Careful) => {
  const url = new URL(outside.url("app"));
  const env = {
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: MIGRATOR,
    PGPASSWORD: MIGRATOR,
    PGDATABASE: "app",
  };
  const psql = join(outside.folder, "psql");
  const up = [psql, "--no-password", "-c", "delete from orders where id > 10"];
  const before = [{ backup: { database: "main", ...backup } }, { migrate: { up, phase, env } }];
  return [
    environment("live"),
    { kind: "BlobStore", name: "local", folder: "backups" },
    {
      kind: "Database",
      name: "main",
      url: "secret:env/APP_URL",
      backup: {
        to: "local",
        encrypt: "secret:env/BACKUP_KEY",
        keep: { count: keep },
        programs: outside.folder,
        within: "2m",
      },
    },
    playbook(
      "careful",
      { blueGreen: { stability: "0s", keepWarm: "0s" } },
      { before, ...(after === undefined ? {} : { after }) },
    ),
    service("shop", { live: { playbook: "careful", port } }),
  ];
};

/** How many orders a database has. */
export const ordersIn = async (outside: Outside, database: string): Promise<unknown> =>
  (await outside.query(database, "select count(*)::int as n from orders"))[0]?.["n"];
