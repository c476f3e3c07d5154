// `backup` among a playbook's actions, as it is written.

import type { BackupAction } from "../core/backup/backup-step.ts";
import { complain, field, section } from "./leaf.ts";
import { choice, count, flag, name } from "./values.ts";

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
    undo: field(
      choice(["restore"]).optional(),
      "`restore`: a rollback of the tier `full` puts the database back as it is in this backup, " +
        "where anything came after it. Default: nothing does.",
      "restore",
    ),
    writers: field(
      choice(["refuse", "allow"]).optional(),
      "While it is put back. `refuse`, where nothing is said: from the backup of what is there " +
        "on it can only be read. `allow`: what is written meanwhile stays in what was there.",
      "allow",
    ),
  }).transform(({ undo, writers, ...raw }, ctx): WrittenBackup => {
    if (undo === "restore" && !raw.verify) {
      const message = "expected verify: true where a rollback restores it";
      const hint = "what was never restored once is not put in the place of what is there";
      complain(ctx, { code: "restore-unverified", message, hint }, ["verify"]);
    }
    if (undo === undefined && writers !== undefined) {
      const message = "expected no writers where nothing is restored";
      complain(ctx, { code: "writers-without-undo", message, hint: "write undo: restore" }, [
        "writers",
      ]);
    }
    const back = undo === undefined ? {} : { undo: { writers: writers ?? "refuse" } };
    return { kind: "backup", ...raw, ...back };
  });
