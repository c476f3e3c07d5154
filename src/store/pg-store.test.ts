// The stores on PostgreSQL against the contract of all stores.

import { after, afterEach } from "node:test";

import type pg from "pg";

import { instant } from "../core/ids.ts";
import { catalogContract } from "../ports/catalog.contract.ts";
import { sightingsContract } from "../ports/sightings.contract.ts";
import { standingContract } from "../ports/standing.contract.ts";
import { storeContract } from "../ports/store.contract.ts";
import type { StoreUnderTest } from "../ports/store.testing.ts";
import { trainContract } from "../ports/train.contract.ts";
import { wordContract } from "../ports/word.contract.ts";
import { pgStore } from "./pg-store.ts";
import { startTestCluster } from "./testing.ts";

const cluster = await startTestCluster();
const pools: pg.Pool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});
after(() => cluster.stop());

const make = async (): Promise<StoreUnderTest> => {
  const { pool } = await cluster.database();
  pools.push(pool);
  return {
    stores: pgStore(pool),
    wakeUp: async (run) => {
      const { rows } = await pool.query<{ at: number }>(
        `select extract(epoch from run_at)::float8 * 1000 as at
         from graphile_worker.jobs where key = $1 and task_identifier = 'wake'`,
        [run],
      );
      const [row] = rows;
      return row === undefined ? null : instant(Math.round(row.at));
    },
    handedOut: async () => {
      const { rows } = await pool.query<{ key: string }>(
        "select key from graphile_worker.jobs where task_identifier = 'effect' order by id",
      );
      return rows.map((row) => row.key);
    },
  };
};

storeContract(make);
wordContract(make);
catalogContract(make);
standingContract(make);
sightingsContract(make);
trainContract(make);
