// The key of the local store: 32 bytes, from SLUICE_SECRETS_KEY or from a file beside the store
// that nobody but its owner can read. It is made when the first secret is set.

import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { createWhole } from "../../layout/whole-file.ts";

const KEY_BYTES = 32;

export interface StoreKey {
  readonly bytes: Buffer;
  /** Tells keys apart without giving one away. */
  readonly id: string;
}

const keyOf = (bytes: Buffer): StoreKey => ({
  bytes,
  id: createHash("sha256").update("sluice-key-id").update(bytes).digest("hex").slice(0, 16),
});

/** Base64 or hexadecimal of 32 bytes; null: it is neither. The text itself is never told. */
export const parseKey = (text: string): StoreKey | null => {
  const trimmed = text.trim();
  const bytes = /^[0-9a-fA-F]{64}$/u.test(trimmed)
    ? Buffer.from(trimmed, "hex")
    : /^[A-Za-z0-9+/]{43}=?$/u.test(trimmed)
      ? Buffer.from(trimmed, "base64")
      : null;
  return bytes?.length === KEY_BYTES ? keyOf(bytes) : null;
};

/** Null: there is none yet. Throws a Refusal where it is there and cannot be used. */
export const keyInFile = async (path: string): Promise<StoreKey | null> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw unusable(path, `it cannot be read: ${error.code ?? "it failed"}`);
  });
  if (found === null) return null;
  if ((found.mode & 0o077) !== 0) {
    throw unusable(path, "others than its owner can read it", `chmod 600 ${path}`);
  }
  const key = parseKey(await readFile(path, "utf8"));
  if (key === null) throw unusable(path, `expected ${KEY_BYTES} bytes in base64`);
  return key;
};

/** Whoever comes second uses the first one's. */
export const newKeyFile = async (path: string): Promise<StoreKey> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createWhole(path, `${randomBytes(KEY_BYTES).toString("base64")}\n`);
  const key = await keyInFile(path);
  if (key === null) throw new Error(`${path} was written and is gone`);
  return key;
};

export const unusable = (
  path: string,
  why: string,
  hint = "restore the key from its backup",
): Refusal =>
  new Refusal({
    code: "bad-secrets-key",
    message: `the key of the secrets: ${why}`,
    where: path,
    hint,
  });
