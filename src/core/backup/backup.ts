// One backup, as its own store keeps it: what it is of, and how far it has come. It lies beside the
// data, so that it can be found and restored when Sluice's own database is what was lost.

import type { DurationMs, Instant } from "../ids.ts";

export interface Backup {
  /** `database.stamp` or `database.environment.stamp`. */
  readonly id: string;
  readonly database: string;
  /** Null: the same database in every environment. */
  readonly environment: string | null;
  readonly begunAt: Instant;
  readonly by: string;
  /** The run that it is a step of; null: somebody asked for it. */
  readonly run: string | null;
  readonly state: BackupState;
  /** The last time it was restored; null: never. */
  readonly restored: Restored | null;
}

export type BackupState =
  /** What is not done by `until` was interrupted. */
  | { readonly kind: "running"; readonly until: Instant }
  | ({ readonly kind: "failed" } & Fault)
  /** Written whole, and not proven; `unproven`: why the last attempt came to nothing. */
  | {
      readonly kind: "stored";
      readonly contents: BackupContents;
      readonly unproven: Fault | null;
    }
  | { readonly kind: "verifying"; readonly until: Instant; readonly contents: BackupContents }
  /** Restored into a scratch database, and the same as what was dumped. */
  | {
      readonly kind: "verified";
      readonly at: Instant;
      readonly tookMs: DurationMs;
      readonly contents: BackupContents;
    }
  /** It cannot be restored, or is not what was dumped. */
  | ({ readonly kind: "bad"; readonly contents: BackupContents } & Fault)
  /** Its data goes first, then this. */
  | { readonly kind: "removing" };

export interface Fault {
  readonly at: Instant;
  readonly code: string;
  readonly why: string;
}

export interface BackupContents {
  /** As it lies in the store, sealed. */
  readonly bytes: number;
  /** SHA-256 of that, hexadecimal. */
  readonly digest: string;
  /** `15.18`. */
  readonly serverVersion: string;
  readonly programVersion: string;
  readonly tables: number;
  readonly rows: number;
}

export interface Restored {
  readonly by: string;
  readonly at: Instant;
  /** Host and database, without user or password. */
  readonly into: string;
  /** The step of a rollback that ordered it, which does it once; absent: a person did. */
  readonly order?: string | undefined;
  readonly state:
    | { readonly kind: "running"; readonly until: Instant }
    | {
        readonly kind: "done";
        readonly at: Instant;
        readonly tables: number;
        readonly rows: number;
      }
    | ({ readonly kind: "failed" } & Fault);
}

/** What a step that made one is remembered by. */
export interface BackupProof {
  readonly id: string;
  /** That of its contents. */
  readonly digest: string;
}

export interface BackupName {
  readonly database: string;
  readonly environment: string | null;
  /** When it was begun, and a few letters of chance. */
  readonly stamp: string;
}

export const backupId = ({ database, environment, stamp }: BackupName): string =>
  [database, ...(environment === null ? [] : [environment]), stamp].join(".");

const NAME = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?";
export const BACKUP_ID = new RegExp(
  `^(${NAME})(?:\\.(${NAME}))?\\.([0-9]{8}-[0-9]{6}-[a-z0-9]{6})$`,
);

/** Null: it is no backup's id. */
export const backupName = (id: string): BackupName | null => {
  const match = id.length > 200 ? null : BACKUP_ID.exec(id);
  const [, database, environment, stamp] = match ?? [];
  if (database === undefined || stamp === undefined) return null;
  return { database, environment: environment ?? null, stamp };
};

/** True: the data is there and was proven. */
export const isGood = ({ state }: Backup): boolean => state.kind === "verified";

/** Null: no longer, or it has come to an end of its own. */
export const underWayUntil = ({ state }: Backup): Instant | null =>
  state.kind === "running" || state.kind === "verifying" ? state.until : null;
