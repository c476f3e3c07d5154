// Tells followers of runs that there is something new, by LISTEN on a connection of its own.

import pg from "pg";

import type { RunId } from "../core/ids.ts";
import type { RunFeed } from "../ports/catalog.ts";
import type { World } from "../ports/world.ts";
import type { DatabaseConfig } from "./pool.ts";
import { CHANNEL } from "./teller.ts";

const CONNECT_MS = 5_000;
/** Between attempts to connect while the database is away. */
const RETRY_MS = 500;

export const pgFeed = (database: DatabaseConfig, world: Pick<World, "sleep">): RunFeed => ({
  follow: (changed, signal) => {
    void (async () => {
      while (!signal.aborted) {
        await listen(database, changed, signal).catch(() => {});
        await world.sleep(RETRY_MS, signal);
      }
    })();
  },
});

/** Until the connection is lost or the signal is aborted. */
const listen = async (
  database: DatabaseConfig,
  changed: (run: RunId) => void,
  signal: AbortSignal,
): Promise<void> => {
  const client = new pg.Client({
    ...(typeof database === "string" ? { connectionString: database } : database),
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    application_name: "sluice feed",
  });
  const over = Promise.withResolvers<void>();
  client.on("error", () => over.resolve());
  client.on("end", () => over.resolve());
  client.on("notification", ({ payload }) => changed(payload as RunId));
  const stop = (): void => over.resolve();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    await over.promise;
  } finally {
    signal.removeEventListener("abort", stop);
    await client.end().catch(() => {});
  }
};
