// Tells followers which runs changed, gathered and after the fact: a notification inside a pass's
// own transaction would make all passes wait for each other. What is lost with the process is no
// loss, since followers look by themselves now and then.

import type pg from "pg";

import type { RunId } from "../core/ids.ts";

/** The channel that followers listen to; the payload is the run's id. */
export const CHANNEL = "sluice_events";

/** How long changes are gathered: nobody reads faster. */
const GATHER_MS = 40;

export const teller = (pool: pg.Pool): ((run: RunId) => void) => {
  const gathered = new Set<RunId>();
  const tell = (): void => {
    const runs = [...gathered];
    gathered.clear();
    const text = "select pg_notify($1, run) from unnest($2::text[]) as run";
    pool.query({ name: "sluice_tell", text, values: [CHANNEL, runs] }).catch(() => {
      // The database is away, and so is what they would read.
    });
  };
  return (run) => {
    if (gathered.size === 0) setTimeout(tell, GATHER_MS).unref();
    gathered.add(run);
  };
};
