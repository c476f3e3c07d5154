// Which backups may go. The last good one never does, whatever the policy says and however bad the
// ones after it are.

import type { Instant } from "../ids.ts";
import { isGood, underWayUntil } from "./backup.ts";
import type { Backup } from "./backup.ts";
import type { Keep } from "./database.ts";

/** True: somebody makes, tests or restores it, or was killed and its time is not over. */
export const isBusy = (backup: Backup, now: Instant): boolean => {
  const restoring = backup.restored?.state;
  const untils = [underWayUntil(backup), restoring?.kind === "running" ? restoring.until : null];
  return untils.some((until) => until !== null && until > now);
};

/** Of one database in one place. What was interrupted counts as ended; oldest first. */
export const removable = (
  backups: readonly Backup[],
  keep: Keep,
  now: Instant,
): readonly Backup[] => {
  const ordered = backups.toSorted((a, b) => a.begunAt - b.begunAt);
  // What seems to be begun later than now was begun by a wrong clock, and nobody knows what it came
  // after: else each new one would go for it as soon as it is made.
  const counts = (backup: Backup): boolean => isGood(backup) && backup.begunAt <= now;
  const goodAfter = (index: number): number => ordered.slice(index + 1).filter(counts).length;
  return ordered.filter((backup, index) => {
    if (isBusy(backup, now)) return false;
    const old = keep.ageMs === null || now - backup.begunAt > keep.ageMs;
    return old && goodAfter(index) >= Math.max(1, keep.count);
  });
};

/** Good ones that go after one success at most, where age decides. Ordinarily it is one; all of
 * them are old at once when a clock was set ahead by mistake, and then somebody has days to see. */
const MOST_AT_ONCE = 3;
/** Two clocks that are farther apart say nothing about how old a backup is. */
const MOST_APART_MS = 300_000;

/** Of what may go: what goes now, the oldest first. `apartMs`: how far the clocks of this machine
 * and of the database are from each other; null: nobody could tell. */
export const removedNow = (
  backups: readonly Backup[],
  keep: Keep,
  apartMs: number | null,
): readonly Backup[] => {
  if (keep.ageMs === null) return backups;
  if (apartMs === null || Math.abs(apartMs) > MOST_APART_MS) return [];
  const good = backups.filter(isGood);
  return backups.filter((one) => !isGood(one) || good.indexOf(one) < MOST_AT_ONCE);
};
