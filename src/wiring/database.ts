// The database under a control plane: the embedded one, or one from outside. Brought to the present
// version before anything is read from it.

import type { Logger } from "pino";
import type { Instant } from "../core/ids.ts";
import { startPostgres } from "../drivers/embedded-postgres/postgres.ts";
import { folderBlobs } from "../drivers/folder-blobs/blobs.ts";
import { systemWorld } from "../drivers/system/world.ts";
import type { Layout } from "../layout/layout.ts";
import type { Queue } from "../ports/queue.ts";
import type { Catalog } from "../shell/operations/desk.ts";
import { migrate } from "../store/migrate.ts";
import { notedVerdict } from "../store/noted-verdict.ts";
import type { NotedVerdict } from "../store/noted-verdict.ts";
import { pgStore } from "../store/pg-store.ts";
import type { PgStore } from "../store/pg-store.ts";
import { openPool } from "../store/pool.ts";
import type { DatabaseConfig } from "../store/pool.ts";
import { graphileQueue } from "../store/queue.ts";
import type { QueueOptions } from "../store/queue.ts";
import { unfinished } from "../store/unfinished.ts";
import type { Unfinished } from "../store/unfinished.ts";
import { catalogOf } from "./catalog.ts";
import type { UpOptions } from "./options.ts";

export interface Database {
  readonly stores: PgStore;
  readonly catalog: Catalog;
  queue(options: Omit<QueueOptions, "world">): Queue;
  /** What the last verification of the audit chains found. */
  notedVerdict(): Promise<NotedVerdict | null>;
  unfinished(now: Instant): Promise<Unfinished>;
  /** Rejects where it does not answer. */
  ping(): Promise<void>;
  /** Its clock, in milliseconds since 1970. */
  clock(): Promise<number>;
  close(): Promise<void>;
}

/** The queue keeps some connections for itself; the API needs a few of its own. */
const EXTRA_CONNECTIONS = 8;

/** Throws a Refusal where it cannot be started, reached or migrated. */
export const openDatabase = async (
  layout: Layout,
  options: Pick<UpOptions, "databaseUrl" | "concurrency">,
  log: Logger,
  signal: AbortSignal,
): Promise<Database> => {
  const stack = new AsyncDisposableStack();
  try {
    const config = await configOf(layout, options, stack, signal);
    const pool = openPool(config, {
      max: options.concurrency + EXTRA_CONNECTIONS,
      onLost: (error) => log.warn({ why: error.message }, "lost a connection to the database"),
    });
    stack.defer(() => pool.end());
    await migrate(pool);
    const stores = pgStore(pool);
    return {
      stores,
      catalog: catalogOf(stores, folderBlobs(layout.artifacts)),
      queue: (given) => graphileQueue(pool, { ...given, world: systemWorld() }),
      notedVerdict: () => notedVerdict(pool),
      unfinished: (now) => unfinished(pool, now),
      ping: async () => {
        await pool.query("select 1");
      },
      clock: async () => {
        const { rows } = await pool.query<{ readonly now: number }>(
          "select extract(epoch from clock_timestamp())::float8 * 1000 as now",
        );
        return rows[0]?.now ?? Number.NaN;
      },
      close: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
};

const configOf = async (
  layout: Layout,
  options: Pick<UpOptions, "databaseUrl">,
  stack: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<DatabaseConfig> => {
  if (options.databaseUrl !== null) return options.databaseUrl;
  const postgres = await startPostgres(layout, { signal });
  stack.defer(() => postgres.stop());
  return { ...postgres.config };
};
