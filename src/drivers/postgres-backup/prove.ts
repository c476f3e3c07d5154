// The restore test: a backup is good once it was restored into a scratch database and that held the
// same. Only such a success lets older ones go.

import { isBusy, removable, removedNow } from "../../core/backup/retention.ts";
import type { Backup, BackupContents } from "../../core/backup/backup.ts";
import { later } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { formatDuration } from "../../core/units.ts";
import { clocksApart } from "./clocks.ts";
import { readManifest, writeManifest, folderOf, MANIFEST } from "./manifest.ts";
import { dumpKey, snapshotKey } from "./dump.ts";
import { resolved } from "./place.ts";
import type { BackupPlace } from "./place.ts";
import { readable, restoreInto } from "./restore.ts";
import { inScratch } from "./scratch.ts";
import { WRITE_MS, faultOf, save } from "./under-way.ts";
import { listOf } from "./list.ts";

/** These speak of the backup itself; anything else says only that it could not be tested. */
const BAD: readonly string[] = ["backup-damaged", "backup-not-restored", "backup-differs"];

export const prove = async (
  place: BackupPlace,
  backup: Backup,
  contents: BackupContents,
  by: string,
  signal: AbortSignal,
): Promise<Backup> => {
  const { parts } = place;
  const begun = parts.world.now();
  try {
    await restoreOnce(place, backup, contents, signal);
  } catch (error) {
    const fault = faultOf(parts, error);
    const state = BAD.includes(fault.code)
      ? ({ kind: "bad", contents, ...fault } as const)
      : ({ kind: "stored", contents, unproven: fault } as const);
    const action = state.kind === "bad" ? "backup.bad" : "backup.unproven";
    return save(place, { ...(await newest(place, backup)), state }, { action, by });
  }
  const at = parts.world.now();
  const state = { kind: "verified", at, tookMs: at - begun, contents } as const;
  const good = { ...(await newest(place, backup)), state };
  const saved = await save(place, good, { action: "backup.verified", by });
  await removeOld(place, signal);
  return saved;
};

/** Throws a Refusal `unknown-backup` where it was removed meanwhile: it must not come back as a
 * good one without its data. */
const newest = async ({ bytes, key }: BackupPlace, backup: Backup): Promise<Backup> => {
  const signal = AbortSignal.timeout(WRITE_MS);
  const found = await readManifest(bytes, key, backup.id, signal).catch(() => backup);
  if (found !== null) return found;
  const message = `${backup.id} was removed meanwhile`;
  throw new Refusal({ code: "unknown-backup", message, hint: "choose another one" });
};

const restoreOnce = async (
  place: BackupPlace,
  backup: Backup,
  contents: BackupContents,
  signal: AbortSignal,
): Promise<void> => {
  const { parts, target } = place;
  const read = await readable(place, backup, contents, signal);
  const server = await resolved(parts, target.policy.scratch ?? target.address);
  const now = parts.world.now();
  const until = later(now, target.policy.withinMs);
  const { locale } = read.snapshot;
  await inScratch({ server, locale, now, until }, signal, (address) =>
    restoreInto(place, backup, read, { address, owners: false, fresh: true }, signal),
  );
};

/** What cannot be removed now is when the next one has succeeded. */
const removeOld = async (place: BackupPlace, signal: AbortSignal): Promise<void> => {
  const { target, parts } = place;
  const { keep } = target.policy;
  const told = async (why: string): Promise<void> => {
    const subject = [target.database, target.environment].filter((part) => part !== null).join(".");
    await parts.record({ by: "sluice", action: "backup.not-removed", subject, why, data: {} });
  };
  try {
    const old = removable(await listOf(place, signal), keep, parts.world.now());
    if (old.length === 0) return;
    const apartMs = keep.ageMs === null ? null : await clocksApart(place, signal);
    const gone = removedNow(old, keep, apartMs);
    for (const one of gone) await remove(place, one, signal);
    if (gone.length === 0 && apartMs !== null) await told(disagreement(apartMs));
  } catch (error) {
    await told(faultOf(parts, error).why);
  }
};

const disagreement = (apartMs: number): string => {
  const apart = formatDuration(Math.round(Math.abs(apartMs) / MINUTE_MS) * MINUTE_MS);
  const clocks = `the clocks of this machine and of the database are ${apart} apart`;
  return `${clocks}, so nobody knows what is old; set them right`;
};

const MINUTE_MS = 60_000;

/** On record before it happens. Until its data is gone it says that it is being removed, so that
 * nobody takes it for a good one. */
const remove = async (place: BackupPlace, old: Backup, signal: AbortSignal): Promise<void> => {
  const { bytes, key, parts } = place;
  // Others may have been quicker, or begun to restore from it.
  const now = await readManifest(bytes, key, old.id, signal);
  if (now === null || isBusy(now, parts.world.now())) return;
  const why = "enough good ones came after it";
  const data = { state: old.state.kind, begunAt: old.begunAt };
  await parts.record({ by: "sluice", action: "backup.removed", subject: old.id, why, data });
  await writeManifest(bytes, key, { ...old, state: { kind: "removing" } }, signal);
  await bytes.delete(dumpKey(old.id), signal);
  await bytes.delete(snapshotKey(old.id), signal);
  await bytes.delete(`${folderOf(old.id)}/${MANIFEST}`, signal);
};
