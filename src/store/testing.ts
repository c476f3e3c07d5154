// A PostgreSQL for tests: one embedded server for a test file, and for each test a database of its
// own, copied from one that was migrated once.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import pg from "pg";

import { startPostgres } from "../drivers/embedded-postgres/postgres.ts";
import { layoutOf } from "../layout/layout.ts";
import { migrate } from "./migrate.ts";
import { openPool } from "./pool.ts";

export interface TestCluster {
  /** A fresh, migrated database; its pool is closed with the cluster. */
  database(): Promise<TestDatabase>;
  /** The server is gone for so long, and then there again. */
  cut(ms: number): Promise<void>;
  /** Ends the server and removes all it had. */
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly config: pg.ClientConfig;
  readonly pool: pg.Pool;
}

const START_MS = 60_000;
const TEMPLATE = "template_sluice";

export const startTestCluster = async (): Promise<TestCluster> => {
  const folder = mkdtempSync(join(tmpdir(), "sluice-test-"));
  const signal = AbortSignal.timeout(START_MS);
  let postgres = await startPostgres(layoutOf(folder), { signal });
  const template = { ...postgres.config, database: TEMPLATE };
  const pools: pg.Pool[] = [];
  const open = (config: pg.ClientConfig, max: number): pg.Pool => {
    const pool = openPool(config, { max, onLost: () => {} });
    pools.push(pool);
    return pool;
  };
  await ask(postgres.config, `create database ${TEMPLATE}`);
  const migrating = openPool(template, { max: 3, onLost: () => {} });
  await migrate(migrating);
  await migrating.end();
  let made = 0;
  return {

    database: async () => {
      made += 1;
      const config = { ...postgres.config, database: `test_${made}` };
      await ask(postgres.config, `create database ${config.database} template ${TEMPLATE}`);
      return { config, pool: open(config, 20) };
    },
    cut: async (ms) => {
      await postgres.stop();
      await sleep(ms);
      postgres = await startPostgres(layoutOf(folder), { signal: AbortSignal.timeout(START_MS) });
    },
    stop: async () => {
      await Promise.all(pools.filter((pool) => !pool.ended).map((pool) => pool.end()));
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const ask = async (config: pg.ClientConfig, text: string): Promise<void> => {
  const client = new pg.Client(config);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
};
