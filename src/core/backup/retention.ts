// Which backups may go. The last good one never does, whatever the policy says and however bad the
// ones after it are.

import type { Instant } from "../ids.ts";
import { isGood, underWayUntil } from "./backup.ts";
import type { Backup } from "./backup.ts";
import type { Keep } from "./database.ts";

/** Of one database in one place. What was interrupted counts as ended; oldest first. */
export const removable = (
  backups: readonly Backup[],
  keep: Keep,
  now: Instant,
): readonly Backup[] => {
  const ordered = backups.toSorted((a, b) => a.begunAt - b.begunAt);
  const goodAfter = (index: number): number => ordered.slice(index + 1).filter(isGood).length;
  return ordered.filter((backup, index) => {
    if ((underWayUntil(backup) ?? 0) > now) return false;
    const restoring = backup.restored?.state;
    if (restoring?.kind === "running" && restoring.until > now) return false;
    const old = keep.ageMs === null || now - backup.begunAt > keep.ageMs;
    return old && goodAfter(index) >= Math.max(1, keep.count);
  });
};
