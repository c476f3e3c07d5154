// Backups that people ask for: which database is meant, and that what was begun goes on without the
// one who asked.

import { backupName } from "../../core/backup/backup.ts";
import type { Backup } from "../../core/backup/backup.ts";
import { targetIn } from "../../core/backup/database.ts";
import type { BackupTarget, Database } from "../../core/backup/database.ts";
import type { Actor } from "../../core/ids.ts";
import { unknown } from "../../core/plan-for.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Backups, RestoreRequest } from "../../ports/backups.ts";
import { messageOf } from "../observe.ts";
import type { Desk } from "./desk.ts";

export interface BackupDesk {
  readonly catalog: Pick<Desk["catalog"], "definitions">;
  readonly backups: Backups;
  /** Ends what is under way when the control plane stops. */
  readonly stopping: AbortSignal;
}

export interface BackupPlaceName {
  readonly database: string;
  /** Null: that of every environment, or the only one it is in. */
  readonly environment: string | null;
}

/** Throws a Refusal `unknown-database`, `unknown-database-place`, or why it cannot be begun. */
export const makeBackup = async (
  desk: BackupDesk,
  { by, verify, ...place }: BackupPlaceName & { readonly by: Actor; readonly verify: boolean },
): Promise<Backup> => {
  const target = await placed(desk, place);
  return (await desk.backups.begin(target, { by, run: null, verify }, desk.stopping)).backup;
};

export interface FoundBackups {
  /** Newest first. */
  readonly backups: readonly Backup[];
  /** Places whose store could not be read. */
  readonly unread: readonly (BackupPlaceName & { readonly why: string })[];
}

/** Null database: of all. */
export const listBackups = async (
  desk: BackupDesk,
  {
    database,
    environment,
  }: { readonly database: string | null; readonly environment: string | null },
  signal: AbortSignal,
): Promise<FoundBackups> => {
  const all = await databasesOf(desk);
  const chosen = database === null ? all : [named(all, database)];
  const targets = chosen
    .flatMap(targetsOf)
    .filter((target) => environment === null || target.environment === environment);
  const looks = await Promise.all(
    targets.map(async (target) => {
      try {
        return { backups: await desk.backups.list(target, signal), unread: [] };
      } catch (error) {
        const { database, environment } = target;
        return { backups: [], unread: [{ database, environment, why: messageOf(error) }] };
      }
    }),
  );
  return {
    backups: looks.flatMap(({ backups }) => backups).toSorted((a, b) => b.begunAt - a.begunAt),
    unread: looks.flatMap(({ unread }) => unread),
  };
};

/** Throws a Refusal `unknown-backup`. */
export const oneBackup = async (
  desk: BackupDesk,
  id: string,
  signal: AbortSignal,
): Promise<Backup> => {
  const found = await desk.backups.get(await targetOf(desk, id), id, signal);
  if (found !== null) return found;
  const message = `there is no backup ${id}, or it was not written under the present key`;
  throw new Refusal({ code: "unknown-backup", message, hint: "sluice backup list shows them" });
};

export const verifyBackup = async (
  desk: BackupDesk,
  { id, by }: { readonly id: string; readonly by: Actor },
): Promise<Backup> =>
  (await desk.backups.verify(await targetOf(desk, id), id, by, desk.stopping)).backup;

export const restoreBackup = async (
  desk: BackupDesk,
  { id, ...request }: RestoreRequest & { readonly id: string },
): Promise<Backup> =>
  (await desk.backups.restore(await targetOf(desk, id), id, request, desk.stopping)).backup;

const databasesOf = async (desk: BackupDesk): Promise<readonly Database[]> =>
  (await desk.catalog.definitions())?.databases ?? [];

const named = (all: readonly Database[], name: string): Database => {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw unknown(
    "database",
    name,
    all.map((one) => one.name),
  );
};

const targetsOf = (database: Database): readonly BackupTarget[] => {
  const places = [null, ...Object.keys(database.environments)];
  return places
    .map((place) => targetIn(database, place))
    .filter((target) => target !== null && target !== "none");
};

const placed = async (
  desk: BackupDesk,
  { database: name, environment }: BackupPlaceName,
): Promise<BackupTarget> => {
  const database = named(await databasesOf(desk), name);
  const target = targetIn(database, environment);
  if (target !== null && target !== "none") return target;
  const others = targetsOf(database);
  const [only] = others;
  if (environment === null && only !== undefined && others.length === 1) return only;
  const known = others.map((one) => one.environment ?? "every environment").join(", ");
  throw new Refusal({
    code: "unknown-database-place",
    message:
      environment === null
        ? `${name} is another database in each environment`
        : `nothing of ${name} is backed up in ${environment}`,
    hint: known === "" ? "its definition says none is" : `say where: ${known}`,
  });
};

/** Of a backup, whose id says what it is of. */
const targetOf = async (desk: BackupDesk, id: string): Promise<BackupTarget> => {
  const name = backupName(id);
  if (name === null) {
    const message = `${id} is no backup's id`;
    const hint = "write it as sluice backup list shows it";
    throw new Refusal({ code: "unknown-backup", message, hint });
  }
  const database = named(await databasesOf(desk), name.database);
  const target = targetIn(database, name.environment);
  if (target !== null && target !== "none" && target.environment === name.environment)
    return target;
  const place = name.environment ?? "every environment";
  throw new Refusal({
    code: "unknown-database-place",
    message: `${name.database} is not defined for ${place}, so its store is not known`,
    hint: "apply definitions that have it there",
  });
};
