// The encrypted store beside the control plane's data: each secret encrypted by itself, in one file
// that is replaced whole. Whoever has the file without the key has names.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Actor, Instant } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import { MAX_SECRET_NAME, SECRET_NAME } from "../../core/secrets/reference.ts";
import { removeUnfinished, replaceWhole } from "../../layout/whole-file.ts";
import type { SecretStore } from "../../ports/secrets.ts";
import { alone } from "./alone.ts";
import type { StillHeld } from "./alone.ts";
import { keysInFile, newKey, newKeyFile, unusable, writeKeys } from "./key.ts";
import type { StoreKeys } from "./key.ts";
import { notASecret } from "./limits.ts";
import { seal, unseal } from "./sealing.ts";

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
  readonly keys: () => StoreKeys | null;
}

export const localSecrets = ({ folder, keys: given }: LocalParts): SecretStore => {
  const path = join(folder, "local.json");
  const keyFile = join(folder, "key");
  const keys = async (): Promise<StoreKeys | null> => given() ?? (await keysInFile(keyFile));
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
        const known = await keys();
        const entry = (await entriesIn(path)).get(name);
        if (entry === undefined) return { kind: "missing", hint: `sluice secret set ${name}` };
        // One that is newer than what was known of the keys was just encrypted with a new one.
        return unseal(name, entry, opens(known, entry) ? known : await keys());
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
        const known = await keys();
        requireFitting(known, entries, keyFile);
        const [key] = known ?? (await newKeyFile(keyFile));
        const entry = { ...seal(name, value, key), by, at };
        await write(path, new Map([...entries, [name, entry]]), held);
      }),
    remove: (name) =>
      inTurn(async (held) => {
        const entries = new Map(await entriesIn(path));
        if (!entries.delete(name)) return false;
        await write(path, entries, held);
        return true;
      }),
    rotateKey: () =>
      inTurn(async (held) => {
        const entries = await entriesIn(path);
        const before = await keys();
        const values = readable(entries, before, path);
        const after: StoreKeys = given() ?? [newKey(), ...(before ?? [])];
        const [key] = after;
        const mine = given() === null;
        // Both keys first: whoever reads, and whoever is killed, has the one that fits.
        if (mine) await writeKeys(keyFile, after, held);
        const anew = values.map(
          ({ name, entry, value }) => [name, { ...entry, ...seal(name, value, key) }] as const,
        );
        await write(path, new Map(anew), held);
        if (mine) await writeKeys(keyFile, [key], held);
        return anew.length;
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

const opens = (keys: StoreKeys | null, entry: Entry): boolean =>
  keys?.some(({ id }) => id === entry.key) ?? false;

/** Throws a Refusal where one is not: under a new key nobody could tell why. */
const readable = (entries: Entries, keys: StoreKeys | null, path: string) =>
  [...entries].map(([name, entry]) => {
    const read = unseal(name, entry, keys);
    if (read.kind === "found") return { name, entry, value: read.value };
    throw new Refusal({
      code: "secret-unreadable",
      message: `${name} cannot be encrypted anew: ${read.why}`,
      where: path,
      hint: `sluice secret set ${name}, or sluice secret remove ${name}; nothing has changed`,
    });
  });

/** With a wrong key, what is set now would be lost as soon as the right one is back. */
const requireFitting = (keys: StoreKeys | null, entries: Entries, where: string): void => {
  if (entries.size === 0 || [...entries.values()].some((entry) => opens(keys, entry))) return;
  const others = entries.size === 1 ? "the secret that is" : `the ${entries.size} secrets that are`;
  const why = keys === null ? "it is not there" : "it is another one";
  const hint = "restore the key from its backup; without it, move local.json away and set all anew";
  throw unusable(where, `${why}, and ${others} there cannot be read without it`, hint);
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
