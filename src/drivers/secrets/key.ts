// The key of the local store: 32 bytes, from SLUICE_SECRETS_KEY or from a file beside the store
// that nobody but its owner can read. It is made when the first secret is set. While it is being
// rotated there are several.

import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { createWhole, replaceWhole } from "../../layout/whole-file.ts";

const KEY_BYTES = 32;
/** A rotation that was interrupted leaves one more. */
const MAX_KEYS = 16;

export interface StoreKey {
  readonly bytes: Buffer;
  /** Tells keys apart without giving one away. */
  readonly id: string;
}

const keyOf = (bytes: Buffer): StoreKey => ({
  bytes,
  id: createHash("sha256").update("sluice-key-id").update(bytes).digest("hex").slice(0, 16),
});

/** The first is the one to encrypt with; the others open what was encrypted before. */
export type StoreKeys = readonly [StoreKey, ...StoreKey[]];

/** Each base64 or hexadecimal of 32 bytes, with spaces, lines or commas between them; null: one is
 * neither, or there are too many. The text itself is never told. */
export const parseKeys = (text: string): StoreKeys | null => {
  const keys = text
    .trim()
    .split(/[\s,]+/u)
    .map(parseKey);
  const [first, ...others] = keys.filter((key) => key !== null);
  if (first === undefined || others.length + 1 < keys.length || keys.length > MAX_KEYS) return null;
  return [first, ...others];
};

const parseKey = (text: string): StoreKey | null => {
  const bytes = /^[0-9a-fA-F]{64}$/u.test(text)
    ? Buffer.from(text, "hex")
    : /^[A-Za-z0-9+/]{43}=?$/u.test(text)
      ? Buffer.from(text, "base64")
      : null;
  return bytes?.length === KEY_BYTES ? keyOf(bytes) : null;
};

/** Null: there is none yet. Throws a Refusal where it is there and cannot be used. */
export const keysInFile = async (path: string): Promise<StoreKeys | null> => {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw unusable(path, `it cannot be read: ${error.code ?? "it failed"}`);
  });
  if (found === null) return null;
  if ((found.mode & 0o077) !== 0) {
    throw unusable(path, "others than its owner can read it", `chmod 600 ${path}`);
  }
  const keys = parseKeys(await readFile(path, "utf8"));
  if (keys === null) throw unusable(path, `expected ${KEY_BYTES} bytes in base64`);
  return keys;
};

/** Whoever comes second uses the first one's. */
export const newKeyFile = async (path: string): Promise<StoreKeys> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await createWhole(path, textOf([newKey()]));
  const keys = await keysInFile(path);
  if (keys === null) throw new Error(`${path} was written and is gone`);
  return keys;
};

export const writeKeys = (
  path: string,
  keys: StoreKeys,
  held: () => Promise<void>,
): Promise<void> => replaceWhole(path, textOf(keys), held);

export const newKey = (): StoreKey => keyOf(randomBytes(KEY_BYTES));

const textOf = (keys: StoreKeys): string =>
  keys.map(({ bytes }) => `${bytes.toString("base64")}\n`).join("");

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
