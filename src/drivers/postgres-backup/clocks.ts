// How far the clock of this machine and that of a database's server are from each other: two
// witnesses, before anything is taken for old.

import { connected } from "./client.ts";
import { resolved } from "./place.ts";
import type { BackupPlace } from "./place.ts";

/** In milliseconds, above zero where this machine's is ahead. Throws a Refusal where the database
 * does not answer. */
export const clocksApart = async (
  { parts, target }: BackupPlace,
  signal: AbortSignal,
): Promise<number> => {
  const address = await resolved(parts, target.address);
  return await connected(address, signal, async (client) => {
    const { rows } = await client.query<{ readonly now: number }>(
      "select extract(epoch from clock_timestamp())::float8 * 1000 as now",
    );
    return Math.round(parts.world.now() - (rows[0]?.now ?? Number.NaN));
  });
};
