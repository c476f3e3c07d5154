// The Blobs port on a local folder. Contents lie once each under files/ by their SHA-256, the lists
// of what artifacts consist of under manifests/ by digest; both appear by renaming, complete.

import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Blobs } from "../../ports/blobs.ts";
import { collect } from "./collect.ts";
import { keepText } from "./contents.ts";
import { layDown } from "./lay-down.ts";
import { digestOf, manifestText } from "./manifest.ts";
import { removeFrom, storedIn } from "./remove.ts";
import { storeAt } from "./store.ts";
import type { Store } from "./store.ts";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** `root` is created by the first put. */
export const folderBlobs = (root: string): Blobs => {
  const store = storeAt(root);
  return {
    has: async (digest) => (await readManifest(store, digest)) !== null,
    put: async (path) => {
      prepare(root);
      const entries = await collect(path, store);
      if (!entries.some((entry) => entry.kind === "file")) throw empty(path);
      const text = manifestText(entries);
      const digest = digestOf(text);
      await keepText(store, text, store.manifest(digest));
      const files = entries.filter((entry) => entry.kind === "file");
      const bytes = files.reduce((sum, each) => sum + each.bytes, 0);
      return { digest, bytes, files: files.length };
    },
    unpack: async (digest, folder) => {
      const text = await readManifest(store, digest);
      if (text === null) throw missing(digest);
      await layDown(store, { digest, text, folder });
    },
    list: () => storedIn(store),
    remove: (digests, decide) => removeFrom(store, digests, decide),
  };
};

/** What a put that was killed left behind is no use to anybody after this time. */
const ABANDONED_MS = 24 * 3_600_000;

const prepare = (root: string): void => {
  for (const name of ["files", "manifests", "incoming"]) {
    mkdirSync(join(root, name), { recursive: true, mode: 0o700 });
  }
  const incoming = join(root, "incoming");
  for (const name of readdirSync(incoming)) {
    const path = join(incoming, name);
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (Date.now() - written > ABANDONED_MS) rmSync(path, { force: true });
  }
};

/** Null: not stored. A digest that is none is never turned into a path. */
const readManifest = async (store: Store, digest: Digest): Promise<string | null> => {
  if (!DIGEST.test(digest)) return null;
  try {
    return await readFile(store.manifest(digest), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
};

/** Most often a build that wrote elsewhere. */
const empty = (path: string): Refusal =>
  new Refusal({
    code: "artifact-empty",
    message: "there is no file in it",
    where: path,
    hint: "build the artifact first, or correct the path",
  });

const missing = (digest: Digest): Refusal =>
  new Refusal({
    code: "artifact-missing",
    message: "no artifact with this digest is stored here",
    where: digest,
    hint: "create the release again from its source",
  });
