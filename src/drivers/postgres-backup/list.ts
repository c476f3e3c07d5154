// The backups of one database in one place, as its store has them.

import { backupId, backupName } from "../../core/backup/backup.ts";
import type { Backup } from "../../core/backup/backup.ts";
import { MANIFEST, readManifest } from "./manifest.ts";
import type { BackupPlace } from "./place.ts";

/** Newest first; what was not written under the present key is left out. */
export const listOf = async (
  place: BackupPlace,
  signal: AbortSignal,
): Promise<readonly Backup[]> => {
  const { target, bytes, key } = place;
  const prefix = `${target.database}/${target.environment ?? "_"}/`;
  const found = await bytes.list(prefix, signal);
  const names = found
    .filter((one) => one.key.endsWith(`/${MANIFEST}`))
    .map((one) => one.key.slice(prefix.length, -MANIFEST.length - 1));
  const backups: Backup[] = [];
  for (const stamp of names) {
    const id = backupId({ database: target.database, environment: target.environment, stamp });
    const backup = backupName(id) === null ? null : await readManifest(bytes, key, id, signal);
    if (backup !== null) backups.push(backup);
  }
  return backups.toSorted((a, b) => b.begunAt - a.begunAt || (a.id < b.id ? 1 : -1));
};
