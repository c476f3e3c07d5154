// A backup that can be read: its data is there, and nobody is busy with it.

import { backupName, underWayUntil } from "../../core/backup/backup.ts";
import type { Backup, BackupContents } from "../../core/backup/backup.ts";
import type { BackupTarget } from "../../core/backup/database.ts";
import { Refusal } from "../../core/refusal.ts";
import { readManifest } from "./manifest.ts";
import type { BackupPlace } from "./place.ts";

export interface Whole {
  readonly backup: Backup;
  readonly contents: BackupContents;
}

export const belongs = (target: BackupTarget, id: string): boolean => {
  const name = backupName(id);
  return name?.database === target.database && name.environment === target.environment;
};

/** Throws a Refusal. */
export const whole = async (
  { target, bytes, key, parts }: BackupPlace,
  id: string,
  signal: AbortSignal,
): Promise<Whole> => {
  const backup = belongs(target, id) ? await readManifest(bytes, key, id, signal) : null;
  if (backup === null) {
    throw new Refusal({
      code: "unknown-backup",
      message: `there is no backup ${id}, or it was not written under the present key`,
      hint: `sluice backup list ${target.database} shows them`,
    });
  }
  const until = underWayUntil(backup);
  if (until !== null && until > parts.world.now()) {
    const message = `${id} is ${backup.state.kind === "running" ? "being made" : "being verified"}`;
    throw new Refusal({ code: "backup-busy", message, hint: "wait until that is done" });
  }
  if ("contents" in backup.state) return { backup, contents: backup.state.contents };
  const message = `${id} holds nothing: it is ${backup.state.kind}`;
  throw new Refusal({ code: "backup-empty", message, hint: "choose another one" });
};
