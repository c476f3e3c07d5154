// Backups of databases, as they are listed, begun and restored.

import type { Backup } from "../../core/backup/backup.ts";

export interface BackupView extends Backup {
  /** True: it was under way, and whoever did it is gone. */
  readonly interrupted: boolean;
}

export interface BackupsQuery {
  readonly database?: string | undefined;
  readonly environment?: string | undefined;
}

export interface BackupList {
  /** Newest first. */
  readonly backups: readonly BackupView[];
  /** Places whose store could not be read now. */
  readonly unread: readonly {
    readonly database: string;
    readonly environment: string | null;
    readonly why: string;
  }[];
}

export interface BackupBody {
  readonly database: string;
  /** Null: the same in every environment, or the only one. */
  readonly environment: string | null;
  /** Restored into a scratch database and compared. */
  readonly verify: boolean;
}

export interface RestoreBody {
  /** `new:NAME`, beside the database itself; a secret that is a URL, `secret:local/NAME`; or a URL
   * without a password. */
  readonly into: string;
  /** With owners and grants, whose roles must be there. */
  readonly owners: boolean;
}
