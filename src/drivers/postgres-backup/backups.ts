// The Backups port on PostgreSQL's own programs. What each backup has come to is written before and
// after everything that takes long, so that another process can tell what was interrupted.

import { backupId } from "../../core/backup/backup.ts";
import type { Backup, BackupContents, BackupName } from "../../core/backup/backup.ts";
import type { BackupTarget } from "../../core/backup/database.ts";
import { later } from "../../core/ids.ts";
import type { Instant } from "../../core/ids.ts";
import type { Backups, UnderWay } from "../../ports/backups.ts";
import { dump } from "./dump.ts";
import { listOf } from "./list.ts";
import { readManifest, writeManifest } from "./manifest.ts";
import { placeOf } from "./place.ts";
import type { BackupParts, BackupPlace } from "./place.ts";
import { prove } from "./prove.ts";
import { putBack } from "./put-back.ts";
import { restoreBackup } from "./restore-backup.ts";
import { ending, faultOf, save, withDeadline } from "./under-way.ts";
import { belongs, whole } from "./whole.ts";

export const postgresBackups = (parts: BackupParts): Backups => ({
  begin: async (target, request, signal) => begin(await placeOf(parts, target), request, signal),
  list: async (target, signal) => listOf(await placeOf(parts, target), signal),
  get: async (target, id, signal) => {
    const place = await placeOf(parts, target);
    return belongs(target, id) ? readManifest(place.bytes, place.key, id, signal) : null;
  },
  verify: async (target, id, by, signal) => {
    const place = await placeOf(parts, target);
    const { backup, contents } = await whole(place, id, signal);
    const until = later(parts.world.now(), target.policy.withinMs);
    const begun: Backup = { ...backup, state: { kind: "verifying", until, contents } };
    await writeManifest(place.bytes, place.key, begun, signal);
    const work = (within: AbortSignal) => prove(place, begun, contents, by, within);
    const ended = ending(place, begun, withDeadline(target, signal, work));
    return { backup: begun, ended };
  },
  restore: async (target, id, request, signal): Promise<UnderWay> => {
    const place = await placeOf(parts, target);
    const { backup, contents } = await whole(place, id, signal);
    return restoreBackup(place, backup, contents, request, signal);
  },
  putBack: async (target, request, signal) => {
    const place = await placeOf(parts, target);
    const { by, run } = request;
    const save = (within: AbortSignal) => begin(place, { by, run, verify: true }, within);
    return putBack({ place, request, save }, signal);
  },
});

const begin = async (
  place: BackupPlace,
  { by, run, verify }: Parameters<Backups["begin"]>[1],
  signal: AbortSignal,
): Promise<UnderWay> => {
  const { parts, target } = place;
  const now = parts.world.now();
  const until = later(now, target.policy.withinMs);
  const backup: Backup = {
    id: backupId(newName(parts, target, now)),
    database: target.database,
    environment: target.environment,
    begunAt: now,
    by,
    run,
    state: { kind: "running", until },
    restored: null,
  };
  await writeManifest(place.bytes, place.key, backup, signal);
  const work = make(place, backup, { verify, until }, signal);
  return { backup, ended: ending(place, backup, work) };
};

const newName = (parts: BackupParts, target: BackupTarget, now: Instant): BackupName => {
  const digits = new Date(now).toISOString().replaceAll(/[^0-9]/gu, "");
  const chance = parts.world.newId().slice(-6);
  const stamp = `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${chance}`;
  return { database: target.database, environment: target.environment, stamp };
};

const make = (
  place: BackupPlace,
  backup: Backup,
  { verify, until }: { readonly verify: boolean; readonly until: Instant },
  signal: AbortSignal,
): Promise<Backup> =>
  withDeadline(place.target, signal, async (within) => {
    const { parts } = place;
    let contents: BackupContents;
    try {
      contents = await dump(place, backup.id, within);
    } catch (error) {
      const fault = faultOf(parts, error);
      const state = { kind: "failed", ...fault } as const;
      return save(place, { ...backup, state }, { action: "backup.failed", by: backup.by });
    }
    // With nothing in between: whoever waits for the proof must not take it for done.
    const state = verify
      ? ({ kind: "verifying", until, contents } as const)
      : ({ kind: "stored", contents, unproven: null } as const);
    const made = await save(place, { ...backup, state }, { action: "backup.made", by: backup.by });
    return verify ? prove(place, made, contents, backup.by, within) : made;
  });
