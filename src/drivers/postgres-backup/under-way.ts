// What everything that takes long has in common: a deadline, an outcome that is written down
// whatever happens, and its audit record.

import type { Backup, Fault } from "../../core/backup/backup.ts";
import type { BackupTarget } from "../../core/backup/database.ts";
import { Refusal } from "../../core/refusal.ts";
import { formatDuration } from "../../core/units.ts";
import { writeManifest } from "./manifest.ts";
import type { BackupParts, BackupPlace } from "./place.ts";

/** For writing down what came of it, also when its own time is over. */
export const WRITE_MS = 30_000;

export const withDeadline = async <T>(
  { policy }: BackupTarget,
  signal: AbortSignal,
  work: (within: AbortSignal) => Promise<T>,
): Promise<T> => {
  const deadline = new AbortController();
  const late = (): void => {
    const message = `it was not done within ${formatDuration(policy.withinMs)}`;
    const hint = "raise backup.within, or look at what holds it up";
    deadline.abort(new Refusal({ code: "backup-late", message, hint }));
  };
  const timer = setTimeout(late, policy.withinMs);
  try {
    return await work(AbortSignal.any([signal, deadline.signal]));
  } finally {
    clearTimeout(timer);
  }
};

/** Never with a stack: what is no Refusal is told by its message. */
export const faultOf = (parts: BackupParts, error: unknown): Fault => {
  const at = parts.world.now();
  if (error instanceof Refusal) {
    return { at, code: error.code, why: parts.secrets.redact(error.message) };
  }
  if (error instanceof Error && error.name === "AbortError") {
    return { at, code: "interrupted", why: "the control plane stopped while it was under way" };
  }
  const why = error instanceof Error ? error.message : String(error);
  return { at, code: "backup-failed", why: parts.secrets.redact(why) };
};

/** Beside the backup and in the audit chain. Rejects only where the store does not take it. */
export const save = async (
  { bytes, key, parts }: BackupPlace,
  backup: Backup,
  { action, by }: { readonly action: string; readonly by: string },
): Promise<Backup> => {
  await writeManifest(bytes, key, backup, AbortSignal.timeout(WRITE_MS));
  const { state } = backup;
  const why = "why" in state ? state.why : null;
  const contents = "contents" in state ? state.contents : null;
  const data = { database: backup.database, environment: backup.environment, contents };
  await parts.record({ by, action, subject: backup.id, why, data });
  return backup;
};

/** What could not even be written down is told to whoever waits for it. */
export const ending = async (
  { parts }: BackupPlace,
  begun: Backup,
  work: Promise<Backup>,
): Promise<Backup> => {
  try {
    return await work;
  } catch (error) {
    return { ...begun, state: { kind: "failed", ...faultOf(parts, error) } };
  }
};
