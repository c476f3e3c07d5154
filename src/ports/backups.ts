// Backups of databases: made, proven, restored and, by their policy, removed. What is known of one
// lies beside it in its own store.

import type { Backup, BackupProof } from "../core/backup/backup.ts";
import type { BackupTarget, DatabaseAddress, Writers } from "../core/backup/database.ts";
import type { Actor, RunId } from "../core/ids.ts";

export interface Backups {
  /** Throws a Refusal where it cannot even be begun: no key, no store. With `verify` the policy's
   * retention follows a success. */
  begin(
    target: BackupTarget,
    request: { readonly by: Actor; readonly run: RunId | null; readonly verify: boolean },
    signal: AbortSignal,
  ): Promise<UnderWay>;
  /** Newest first. What cannot be read is left out. */
  list(target: BackupTarget, signal: AbortSignal): Promise<readonly Backup[]>;
  get(target: BackupTarget, id: string, signal: AbortSignal): Promise<Backup | null>;
  /** Restores it into a scratch database and compares. Throws a Refusal `unknown-backup`, or
   * `backup-busy` or `no-backup` where there is nothing that could be verified. */
  verify(target: BackupTarget, id: string, by: Actor, signal: AbortSignal): Promise<UnderWay>;
  /** All of it or nothing, into a database that is empty. Throws as verify does. */
  restore(
    target: BackupTarget,
    id: string,
    request: RestoreRequest,
    signal: AbortSignal,
  ): Promise<UnderWay>;
  /** Puts the database back as it is in a verified backup: restored beside it, compared, and then
   * set in its place, once for each order. What was there is backed up before, and kept under
   * another name. Ends with it or the signal; never rejects but for a defect. */
  putBack(target: BackupTarget, request: PutBackRequest, signal: AbortSignal): Promise<PutBack>;
}

export interface PutBackRequest {
  readonly backup: BackupProof;
  /** The same for everything that means the same restore. */
  readonly order: string;
  readonly by: Actor;
  readonly run: RunId;
  readonly writers: Writers;
}

export type PutBack =
  | {
      readonly kind: "done";
      /** True: it had been done before. */
      readonly before: boolean;
      /** The database that what was there is called now. */
      readonly kept: string;
      /** Of what was there; null: made by whoever did it before. */
      readonly saved: string | null;
    }
  /** Nothing has changed. `again`: it may be tried once more; else a person has to look first. */
  | {
      readonly kind: "failed";
      readonly code: string;
      readonly why: string;
      readonly again: boolean;
    };

export interface UnderWay {
  readonly backup: Backup;
  /** With what became of it; never rejects. Ends early with the signal. */
  readonly ended: Promise<Backup>;
}

export interface RestoreRequest {
  readonly by: Actor;
  readonly into: RestoreInto;
  /** True: with owners and grants, whose roles must be there. False: all belongs to whoever the
   * address says. */
  readonly owners: boolean;
}

export type RestoreInto =
  | { readonly kind: "url"; readonly url: DatabaseAddress }
  /** A new one on the database's own server. */
  | { readonly kind: "new"; readonly database: string };
