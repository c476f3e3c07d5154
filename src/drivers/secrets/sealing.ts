// One secret encrypted: AES-256-GCM with a nonce of its own, bound to the secret's name, so that no
// entry can be passed off as another.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretRead } from "../../ports/secrets.ts";
import type { StoreKey, StoreKeys } from "./key.ts";

export interface Sealed {
  /** Id of the key. */
  readonly key: string;
  /** These in base64. */
  readonly nonce: string;
  readonly tag: string;
  readonly text: string;
}

export const seal = (name: string, value: string, key: StoreKey): Sealed => {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce).setAAD(Buffer.from(name));
  const text = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  return {
    key: key.id,
    nonce: nonce.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
    text: text.toString("base64"),
  };
};

export const unseal = (
  name: string,
  entry: Sealed,
  keys: StoreKeys | null,
): Exclude<SecretRead, { kind: "missing" }> => {
  if (keys === null) return { kind: "unreadable", why: "the key of the secrets is not there" };
  const key = keys.find(({ id }) => id === entry.key);
  if (key === undefined) {
    return { kind: "unreadable", why: "it was encrypted with another key than the present one" };
  }
  try {
    const [nonce, tag, text] = [entry.nonce, entry.tag, entry.text].map((part) =>
      Buffer.from(part, "base64"),
    ) as [Buffer, Buffer, Buffer];
    const cipher = createDecipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: 16 });
    cipher.setAAD(Buffer.from(name)).setAuthTag(tag);
    const value = Buffer.concat([cipher.update(text), cipher.final()]).toString("utf8");
    return { kind: "found", value };
  } catch {
    return { kind: "unreadable", why: "what is stored of it was changed or damaged" };
  }
};
