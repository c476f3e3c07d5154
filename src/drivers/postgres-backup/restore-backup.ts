// A restore that somebody asked for: into an empty database or a new one, all or nothing, with what
// came of it beside the backup.

import type { Backup, BackupContents, Restored } from "../../core/backup/backup.ts";
import { later } from "../../core/ids.ts";
import type { Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { RestoreRequest, UnderWay } from "../../ports/backups.ts";
import { besides } from "./address.ts";
import type { Address } from "./address.ts";
import { connected } from "./client.ts";
import { writeManifest } from "./manifest.ts";
import { resolved } from "./place.ts";
import type { BackupPlace } from "./place.ts";
import { noteRestored, tellRestored } from "./restored.ts";
import { readable, requireEmpty, restoreInto } from "./restore.ts";
import type { Readable } from "./restore.ts";
import { SCRATCH, createDatabase, dropDatabase, renameDatabase, scratchName } from "./scratch.ts";
import { faultOf, withDeadline } from "./under-way.ts";

const DROP_MS = 60_000;

export const restoreBackup = async (
  place: BackupPlace,
  backup: Backup,
  contents: BackupContents,
  request: RestoreRequest,
  signal: AbortSignal,
): Promise<UnderWay> => {
  const { parts, target } = place;
  const { into, by } = request;
  const own = await resolved(parts, into.kind === "new" ? target.address : into.url);
  const address = into.kind === "new" ? besides(own, into.database) : own;
  if (into.kind === "new") await requireMissing(own, address, signal);
  else await requireEmpty(address, signal);
  const at = parts.world.now();
  const until = later(at, target.policy.withinMs);
  const noted = (state: Restored["state"]): Restored => ({ by, at, into: address.text, state });
  const begun = { ...backup, restored: noted({ kind: "running", until }) };
  await tellRestored(place, begun, "backup.restore", null);
  await writeManifest(place.bytes, place.key, begun, signal);
  const work = async (within: AbortSignal): Promise<Restored["state"]> => {
    const read = await readable(place, backup, contents, within);
    const there = { own, address, fresh: into.kind === "new", owners: request.owners, until };
    const restored = await fill(place, backup, read, there, within);
    return { kind: "done", at: parts.world.now(), ...restored };
  };
  const ended = withDeadline(target, signal, work)
    .catch((error: unknown) => ({ kind: "failed", ...faultOf(parts, error) }) as const)
    .then((state) => noteRestored(place, begun, noted(state)));
  return { backup: begun, ended };
};

/** Throws a Refusal `database-exists` or `scratch-name`. */
const requireMissing = async (
  own: Address,
  wanted: Address,
  signal: AbortSignal,
): Promise<void> => {
  if (wanted.database.startsWith(SCRATCH)) {
    const message = `a database whose name begins with ${SCRATCH} is dropped after a restore test`;
    throw new Refusal({ code: "scratch-name", message, hint: "choose another name" });
  }
  const { rows } = await connected(own, signal, (client) =>
    client.query("select from pg_database where datname = $1", [wanted.database]),
  );
  if (rows.length === 0) return;
  throw new Refusal({
    code: "database-exists",
    message: `there is a database ${wanted.database} already`,
    where: wanted.text,
    hint: "choose another name; nothing that is there is ever overwritten",
  });
};

interface There {
  /** Of the server. */
  readonly own: Address;
  readonly address: Address;
  /** True: it is made for this. */
  readonly fresh: boolean;
  readonly owners: boolean;
  readonly until: Instant;
}

/** A new database has its name only once it holds what was backed up: whoever is killed before
 * leaves nothing but a scratch database, which the next test drops. */
const fill = async (
  place: BackupPlace,
  backup: Backup,
  read: Readable,
  { own, address, fresh, owners, until }: There,
  signal: AbortSignal,
): Promise<{ readonly tables: number; readonly rows: number }> => {
  if (!fresh) return restoreInto(place, backup, read, { address, owners, fresh }, signal);
  const { locale } = read.snapshot;
  const name = scratchName(until);
  await connected(own, signal, (client) => createDatabase(client, name, locale));
  try {
    const scratch = { address: besides(own, name), owners, fresh };
    const restored = await restoreInto(place, backup, read, scratch, signal);
    await connected(own, signal, (client) => renameDatabase(client, name, address.database));
    return restored;
  } catch (error) {
    const drop = connected(own, AbortSignal.timeout(DROP_MS), (client) =>
      dropDatabase(client, name),
    );
    await drop.catch(() => undefined);
    throw error;
  }
};
