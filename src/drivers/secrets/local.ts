// The encrypted store beside the control plane's data: each secret by itself in AES-256-GCM, bound
// to its name, in one file that is replaced whole. Whoever has the file without the key has names.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Actor, Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { MAX_SECRET_NAME, SECRET_NAME } from "../../core/secrets/reference.ts";
import { removeUnfinished, replaceWhole } from "../../layout/whole-file.ts";
import type { SecretRead, SecretStore } from "../../ports/secrets.ts";
import { alone } from "./alone.ts";
import type { StillHeld } from "./alone.ts";
import { keyInFile, newKeyFile, unusable } from "./key.ts";
import type { StoreKey } from "./key.ts";
import { notASecret } from "./limits.ts";

const MAX_SECRETS = 1_000;
const isObject = (value: unknown): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/u);

const entrySchema = z.strictObject({
  key: z.string(),
  nonce: base64,
  tag: base64,
  text: base64,
  by: z.custom<Actor>((value) => typeof value === "string"),
  at: z.custom<Instant>((value) => typeof value === "number"),
});
const named = z.tuple([z.string().regex(SECRET_NAME).max(MAX_SECRET_NAME), entrySchema]);
const fileSchema = z.strictObject({
  version: z.literal(1),
  // Not z.record: it leaves out a name such as __proto__.
  secrets: z.custom<object>(isObject).transform(Object.entries).pipe(z.array(named)),
});
type Entry = z.infer<typeof entrySchema>;
type Entries = ReadonlyMap<string, Entry>;

export interface LocalParts {
  readonly folder: string;
  /** From the control plane's environment; null: the key is in its file, `folder`/key. */
  readonly key: () => StoreKey | null;
}

export const localSecrets = ({ folder, key: given }: LocalParts): SecretStore => {
  const path = join(folder, "local.json");
  const keyFile = join(folder, "key");
  const key = async (): Promise<StoreKey | null> => given() ?? (await keyInFile(keyFile));
  /** One change after the other, each on what the one before it left; other processes too. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(change: (held: StillHeld) => Promise<T>): Promise<T> => {
    const mine = last.then(() => alone(path, change));
    last = mine.catch(() => undefined);
    return mine;
  };
  return {
    read: async (name) => {
      try {
        const entry = (await entriesIn(path)).get(name);
        const hint = `sluice secret set ${name}`;
        return entry === undefined ? { kind: "missing", hint } : opened(name, entry, await key());
      } catch (error) {
        if (error instanceof Refusal) return { kind: "unreadable", why: error.message };
        throw error;
      }
    },
    check: checkValue,
    set: ({ name, value, by, at }) =>
      inTurn(async (held) => {
        checkValue(value, name);
        const entries = await entriesIn(path);
        if (!entries.has(name) && entries.size >= MAX_SECRETS) {
          const message = `expected at most ${MAX_SECRETS} secrets, found more`;
          throw new Refusal({ code: "too-many-secrets", message, hint: "remove those of no use" });
        }
        const known = await key();
        requireFitting(known, entries, keyFile);
        const entry = { ...sealed(name, value, known ?? (await newKeyFile(keyFile))), by, at };
        await write(path, new Map([...entries, [name, entry]]), held);
      }),
    remove: (name) =>
      inTurn(async (held) => {
        const entries = new Map(await entriesIn(path));
        if (!entries.delete(name)) return false;
        await write(path, entries, held);
        return true;
      }),
    list: async () =>
      [...(await entriesIn(path))]
        .map(([name, { by, at }]) => ({ name, by, at }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  };
};

const checkValue = (value: string, name: string): void => {
  const wrong = notASecret(value);
  if (wrong === null) return;
  throw new Refusal({ code: "bad-secret", message: `the value of ${name} ${wrong}` });
};

/** With a wrong key, what is set now would be lost as soon as the right one is back. */
const requireFitting = (key: StoreKey | null, entries: Entries, where: string): void => {
  if (entries.size === 0 || [...entries.values()].some((entry) => entry.key === key?.id)) return;
  const others = entries.size === 1 ? "the secret that is" : `the ${entries.size} secrets that are`;
  const why = key === null ? "it is not there" : "it is another one";
  const hint = "restore the key from its backup; without it, move local.json away and set all anew";
  throw unusable(where, `${why}, and ${others} there cannot be read without it`, hint);
};

const sealed = (name: string, value: string, key: StoreKey) => {
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

const opened = (name: string, entry: Entry, key: StoreKey | null): SecretRead => {
  if (key === null) return { kind: "unreadable", why: "the key of the secrets is not there" };
  if (key.id !== entry.key) {
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

/** Throws a Refusal where there is something that is no store. */
const entriesIn = async (path: string): Promise<Entries> => {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw damaged(path, `it cannot be read: ${error.code ?? "it failed"}`);
  });
  if (text === null) return new Map();
  try {
    return new Map(fileSchema.parse(JSON.parse(text)).secrets);
  } catch {
    throw damaged(path, "it is not as it was written");
  }
};

const damaged = (path: string, why: string): Refusal =>
  new Refusal({
    code: "secrets-damaged",
    message: `the store of secrets: ${why}`,
    where: path,
    hint: "restore it from a backup, or move it away and set the secrets again",
  });

/** Of who is alone with it. */
const write = async (path: string, entries: Entries, held: StillHeld): Promise<void> => {
  await removeUnfinished(path);
  const text = JSON.stringify({ version: 1, secrets: Object.fromEntries(entries) });
  await replaceWhole(path, text, held);
};
