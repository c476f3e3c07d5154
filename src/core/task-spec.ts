// What a task does: a command, an HTTP request, a round of probes, a backup, a restore. How often
// and for how long is the step's business.

import type { BackupProof } from "./backup/backup.ts";
import type { BackupTarget, Writers } from "./backup/database.ts";
import type { DurationMs } from "./ids.ts";

/** The slot a step speaks of, bound to a colour when the run takes its lane. */
export type Role = "stable" | "candidate";

export type TaskSpec =
  /** Run in the release's own artifact folder. Exit code 0 is success. */
  | {
      readonly kind: "command";
      readonly command: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  /** Success is any of `expectStatus`. */
  | {
      readonly kind: "http";
      readonly method: string;
      readonly url: string;
      /** Absent: none of its own. */
      readonly headers?: Readonly<Record<string, string>>;
      readonly body: string | null;
      readonly expectStatus: readonly number[];
    }
  /** GET each path on every instance of the slot, or on the lane's route where `through` says so.
   * */
  | {
      readonly kind: "probe";
      readonly role: Role;
      readonly through: "instances" | "router";
      readonly paths: readonly string[];
      readonly timeoutMs: DurationMs;
    }
  /** A new backup; with `verify` it succeeds only once it was restored and compared. */
  | { readonly kind: "backup"; readonly target: BackupTarget; readonly verify: boolean }
  /** Puts the database back as it is in the backup. What it was until then is backed up first, and
   * kept beside it. */
  | {
      readonly kind: "restore";
      readonly target: BackupTarget;
      /** Known when the way back is made; null: nobody knows which it is. */
      readonly backup: BackupProof | null;
      readonly writers: Writers;
    };
