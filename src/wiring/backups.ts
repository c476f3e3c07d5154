// Backups of this installation: which driver a store has, and that all of it is in the audit chain.

import { isAbsolute, join } from "node:path";
import type { BackupOperations } from "../api/operations.ts";
import type { BlobStore } from "../core/backup/database.ts";
import type { Actor } from "../core/ids.ts";
import { folderBytes } from "../drivers/folder-bytes/bytes.ts";
import { postgresBackups } from "../drivers/postgres-backup/backups.ts";
import { removeAbandonedPasses } from "../drivers/postgres-backup/pass-file.ts";
import { secretText } from "../drivers/postgres-backup/place.ts";
import { cleanEnvironment } from "../drivers/process/clean-environment.ts";
import { s3Bytes } from "../drivers/s3-bytes/bytes.ts";
import type { Layout } from "../layout/layout.ts";
import type { Backups } from "../ports/backups.ts";
import type { Bytes } from "../ports/bytes.ts";
import type { Secrets } from "../ports/secrets.ts";
import type { World } from "../ports/world.ts";
import {
  listBackups,
  makeBackup,
  oneBackup,
  restoreBackup,
  verifyBackup,
} from "../shell/operations/backups.ts";
import type { BackupDesk } from "../shell/operations/backups.ts";
import type { Database } from "./database.ts";

interface Around {
  readonly layout: Layout;
  readonly world: World;
  readonly secrets: Secrets;
}

export const backupsOf = (
  { layout, world, secrets }: Around,
  { stores }: Pick<Database, "stores">,
): Backups =>
  postgresBackups({
    world,
    secrets,
    bytes: (store) => bytesOf(store, layout, secrets),
    environment: cleanEnvironment(),
    workFolder: workFolder(layout.dataDir),
    record: async (entry) => {
      await stores.audit.append({ ...entry, at: world.now(), by: entry.by as Actor });
    },
  });

/** Before anything else: a password of a database must not lie there until the next backup. */
export const clearPasses = ({ dataDir }: Layout): Promise<void> =>
  removeAbandonedPasses(workFolder(dataDir));

const workFolder = (dataDir: string): string => join(dataDir, "work");

const bytesOf = async (store: BlobStore, { dataDir }: Layout, secrets: Secrets): Promise<Bytes> => {
  if (store.kind === "folder") {
    return folderBytes(isAbsolute(store.folder) ? store.folder : join(dataDir, store.folder));
  }
  const { kind: _, name: __, accessKey, secretKey, ...bucket } = store;
  const credentials = {
    accessKey: await secretText(secrets, accessKey),
    secretKey: await secretText(secrets, secretKey),
  };
  return s3Bytes({ ...bucket, credentials });
};

export const backupOperations = (desk: BackupDesk): BackupOperations => ({
  make: (request) => makeBackup(desk, request),
  list: (place, signal) => listBackups(desk, place, signal),
  one: (id, signal) => oneBackup(desk, id, signal),
  verify: (request) => verifyBackup(desk, request),
  restore: (request) => restoreBackup(desk, request),
});
