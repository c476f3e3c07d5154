// What `sluice up` can be told, from flags and environment, with its defaults.

import type { Told } from "../drivers/secrets/told.ts";

export interface UpOptions {
  readonly dataDir: string;
  /** PostgreSQL from outside; null: the embedded one. May hold a password: never logged. */
  readonly databaseUrl: string | null;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where the router shows its metrics, `host:port`; null: nowhere. */
  readonly routerMetrics: string | null;
  /** May hold some: never logged. */
  readonly secrets: Told;
  /** Passes and tasks under way at once. */
  readonly concurrency: number;
  readonly logLevel: string | undefined;
}

export const DEFAULT_CONCURRENCY = 16;
