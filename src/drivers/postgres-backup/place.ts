// Everything that one backup needs, looked up at the moment of use: its store, its key, the address
// of its database.

import type { BackupTarget, BlobStore } from "../../core/backup/database.ts";
import type { DatabaseAddress } from "../../core/backup/database.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Bytes } from "../../ports/bytes.ts";
import type { Secrets } from "../../ports/secrets.ts";
import type { World } from "../../ports/world.ts";
import { addressOf } from "./address.ts";
import type { Address } from "./address.ts";
import { KEY_BYTES } from "./sealed.ts";

export interface BackupParts {
  readonly world: Pick<World, "now" | "newId">;
  /** Throws a Refusal where its secrets are missing. */
  bytes(store: BlobStore): Promise<Bytes>;
  readonly secrets: Pick<Secrets, "resolve" | "redact">;
  /** What PostgreSQL's programs start from. */
  readonly environment: Readonly<Record<string, string>>;
  /** For what a program may read and nobody else. */
  readonly workFolder: string;
  /** Writes to the audit chain. */
  record(entry: BackupRecord): Promise<void>;
}

export interface BackupRecord {
  readonly by: string;
  readonly action: string;
  /** The backup's id. */
  readonly subject: string;
  readonly why: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface BackupPlace {
  readonly target: BackupTarget;
  readonly parts: BackupParts;
  readonly bytes: Bytes;
  readonly key: Buffer;
}

/** Throws a Refusal. */
export const placeOf = async (parts: BackupParts, target: BackupTarget): Promise<BackupPlace> => {
  const key = keyOf(await secretText(parts.secrets, target.policy.key), target);
  return { target, parts, key, bytes: await parts.bytes(target.policy.store) };
};

const keyOf = (text: string, { database }: BackupTarget): Buffer => {
  const hexadecimal = /^[0-9a-f]{64}$/iu.test(text);
  const base64 = /^[A-Za-z0-9+/]{43}=$/u.test(text);
  if (hexadecimal || base64) return Buffer.from(text, hexadecimal ? "hex" : "base64");
  throw new Refusal({
    code: "bad-backup-key",
    message: `expected a key of ${KEY_BYTES} bytes as base64 or hexadecimal digits`,
    where: `database ${database}, backup.encrypt`,
    hint: "make one with openssl rand -base64 32, and keep it where the backups are not",
  });
};

/** With its secrets. Throws a Refusal `secret-unresolved`. */
export const secretText = async (
  secrets: Pick<Secrets, "resolve">,
  text: string,
): Promise<string> => {
  const resolved = await secrets.resolve({ text });
  if (resolved.kind === "resolved") return resolved.texts.text;
  throw new Refusal({ code: "secret-unresolved", message: resolved.why });
};

/** Throws a Refusal. */
export const resolved = async (
  { secrets }: BackupParts,
  address: DatabaseAddress,
): Promise<Address> => addressOf(await secretText(secrets, address), address);
