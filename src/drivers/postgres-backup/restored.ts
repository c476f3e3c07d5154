// What became of a restore, beside its backup and in the audit chain.

import type { Backup, Restored } from "../../core/backup/backup.ts";
import { readManifest, writeManifest } from "./manifest.ts";
import type { BackupPlace } from "./place.ts";
import { WRITE_MS } from "./under-way.ts";

/** Never rejects: what came of it is told, even where it cannot be written down. */
export const noteRestored = async (
  place: BackupPlace,
  begun: Backup,
  restored: Restored,
): Promise<Backup> => {
  const { bytes, key } = place;
  const signal = AbortSignal.timeout(WRITE_MS);
  const newest = await readManifest(bytes, key, begun.id, signal).catch(() => begun);
  const after = { ...(newest ?? begun), restored };
  // What was removed meanwhile stays removed: it must not come back as good without its data.
  if (newest !== null) await writeManifest(bytes, key, after, signal).catch(() => undefined);
  const done = restored.state.kind === "done";
  const why = restored.state.kind === "failed" ? restored.state.why : null;
  const told = tellRestored(place, after, done ? "backup.restored" : "backup.not-restored", why);
  await told.catch(() => undefined);
  return after;
};

export const tellRestored = (
  { parts }: BackupPlace,
  { id, restored }: Backup,
  action: string,
  why: string | null,
): Promise<void> =>
  parts.record({
    by: restored?.by ?? "sluice",
    action,
    subject: id,
    why,
    data: { into: restored?.into ?? null },
  });
