// `backup` among a playbook's actions, as it is written.

import type { BackupAction } from "../core/backup/backup-step.ts";
import { field, section } from "./leaf.ts";
import { count, flag, name } from "./values.ts";

/** With the database's name in place of the database. */
export type WrittenBackup = Omit<BackupAction, "database"> & { readonly database: string };

export const backup = () =>
  section({
    name: field(name().prefault("backup"), "Unique among the playbook's steps.", "backup-main"),
    database: field(name(), "The Database.", "main"),
    verify: field(
      flag().prefault(true),
      "Restored into a scratch database and compared before anything goes on.",
      false,
    ),
    attempts: field(count({ min: 1, max: 20 }).prefault(1), "How often it may be tried.", 3),
  }).transform((raw): WrittenBackup => ({ kind: "backup", ...raw }));
