// A database that is backed up and the store that its backups go to, as definitions say it. Secrets
// stand in here by reference only: they are read where they are used.

import type { DurationMs } from "../ids.ts";

/** A PostgreSQL URL without a password, or a text of secrets/template.ts that stands for one. */
export type DatabaseAddress = string;

/** What Sluice and PostgreSQL's programs understand alike in it. Anything else, `dbname` say, could
 * lead one of them to another database than the one that was looked at, or bring a secret. */
export const URL_PARAMETERS: readonly string[] = [
  "application_name",
  "channel_binding",
  "connect_timeout",
  "gssencmode",
  "host",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "port",
  "sslmode",
  "sslnegotiation",
  "sslrootcert",
  "target_session_attrs",
  "tcp_user_timeout",
  "user",
];

export type BlobStore =
  | {
      readonly kind: "folder";
      readonly name: string;
      /** Absolute, or within the data directory. */
      readonly folder: string;
    }
  | {
      readonly kind: "s3";
      readonly name: string;
      /** `https://host[:port]`, without a path. */
      readonly endpoint: string;
      readonly region: string;
      readonly bucket: string;
      /** Empty, or ends in `/`. */
      readonly prefix: string;
      /** Texts of secrets/template.ts, as `key` below. */
      readonly accessKey: string;
      readonly secretKey: string;
      /** True: the bucket stands in the path, else in the host's name. */
      readonly pathStyle: boolean;
    };

/** What is removed: ended backups that are older than `ageMs` and have `count` good ones after
 * them. */
export interface Keep {
  /** Good ones that always stay; at least 1. */
  readonly count: number;
  /** Null: age does not matter. */
  readonly ageMs: DurationMs | null;
}

/** What becomes of writes while a database is put back. `refuse`: from the backup of what is there
 * to the end it can only be read, so nothing is lost. `allow`: what is written meanwhile stays
 * behind in what was there. */
export type Writers = "refuse" | "allow";

export interface BackupPolicy {
  readonly store: BlobStore;
  /** The key that backups are sealed with: 32 bytes as base64 or hexadecimal digits. */
  readonly key: string;
  readonly keep: Keep;
  /** Folder of pg_dump and pg_restore; null: found on the machine. */
  readonly programs: string | null;
  /** Where backups are restored to be tested; null: beside the database itself. */
  readonly scratch: DatabaseAddress | null;
  /** For one backup, verified; and for one restore. */
  readonly withinMs: DurationMs;
}

export interface Database {
  readonly name: string;
  /** In every environment; null: each has its own. */
  readonly address: DatabaseAddress | null;
  /** Null: nothing is backed up there. */
  readonly environments: Readonly<Record<string, DatabaseAddress | null>>;
  readonly backup: BackupPolicy;
}

/** One database of one place: what is backed up. */
export interface BackupTarget {
  readonly database: string;
  /** Null: the same one in every environment. */
  readonly environment: string | null;
  readonly address: DatabaseAddress;
  readonly policy: BackupPolicy;
}

/** `none`: nothing is backed up there. Null: the database is not said to be there. */
export const targetIn = (
  { name, address, environments, backup }: Database,
  environment: string | null,
): BackupTarget | "none" | null => {
  const own =
    environment !== null && Object.hasOwn(environments, environment)
      ? environments[environment]
      : undefined;
  if (own === null) return "none";
  if (own !== undefined) {
    return { database: name, environment, address: own, policy: backup };
  }
  return address === null ? null : { database: name, environment: null, address, policy: backup };
};
