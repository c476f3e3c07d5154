// What every replica does every few seconds so that nothing stays lost: frees the jobs of the dead,
// wakes runs whose wake-up went missing, hands out effects that nobody was told of.

import type pg from "pg";

import type { Instant } from "../core/ids.ts";
import { firstRow } from "./database.ts";
import type { Statement } from "./database.ts";
import { LOCK_CLASS } from "./presence.ts";
import type { QueueLog } from "./queue-log.ts";

const UPKEEP: Statement<{
  readonly unlocked: number;
  readonly woken: number;
  readonly handed_out: number;
}> = {
  name: "sluice_upkeep",
  text: `select unlocked::float8 as unlocked, woken::float8 as woken,
    handed_out::float8 as handed_out from sluice.upkeep($1, $2, $3, $4, $5)`,
};

/** How long a replica that just came may hold jobs before it is known, and one that is gone may
 * still be away for a moment only. */
const GRACE_MS = 1_000;
/** A process that has a session and says nothing for so long hangs. */
const HANGING_MS = 60_000;
/** A run this much later than it should have been looked at has lost its wake-up. */
const LATE_MS = 10_000;

export const upkeep = async (pool: pg.Pool, now: Instant, log: QueueLog): Promise<void> => {
  const done = await firstRow(pool, UPKEEP, [now, LOCK_CLASS, GRACE_MS, HANGING_MS, LATE_MS]);
  if (done === null || done.unlocked + done.woken + done.handed_out === 0) return;
  log.warn({ ...done }, "took over what a replica left behind");
};
