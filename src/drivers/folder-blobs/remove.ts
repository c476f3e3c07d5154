// Takes artifacts out of the store. First their manifests are moved aside, where nobody finds them
// and a kill loses nothing; then contents that no manifest names go, those of puts that were killed
// among them.

import { link, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Digest } from "../../core/ids.ts";
import { syncFolder } from "./contents.ts";
import { parseManifest } from "./manifest.ts";
import type { Store } from "./store.ts";

/** What was written since may belong to a put that is not complete yet; each writes all of its
 * contents anew and has less time than this. */
const SETTLED_MS = 10 * 60_000;

const MANIFEST = /^([0-9a-f]{64})\.json$/u;
const CONTENT = /^[0-9a-f]{64}$/u;

/** In no order. */
export const storedIn = async (store: Store): Promise<readonly Digest[]> =>
  (await namesIn(join(store.root, "manifests"))).flatMap((name) => {
    const hex = MANIFEST.exec(name)?.[1];
    return hex === undefined ? [] : [`sha256:${hex}` as Digest];
  });

/** As in the port; `settledMs`: how long ago it must have been written. */
export const removeFrom = async (
  store: Store,
  digests: readonly Digest[],
  decide: (there: readonly Digest[]) => Promise<readonly Digest[]>,
  settledMs: number = SETTLED_MS,
): Promise<void> => {
  const leaving = join(store.root, "leaving");
  for (const folder of [leaving, join(store.root, "manifests")]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  }
  await takeBack(store, leaving);
  const aside: Digest[] = [];
  try {
    for (const digest of digests) {
      if (await moveAside(store.manifest(digest), leaving, settledMs)) aside.push(digest);
    }
    const gone = aside.length === 0 ? [] : await decide(aside);
    for (const digest of gone) {
      await rm(join(leaving, basename(store.manifest(digest))), { force: true });
    }
    if (gone.length > 0) await syncFolder(leaving);
  } finally {
    await takeBack(store, leaving);
  }
  await removeUnused(store, leaving, settledMs);
};

/** False: it is not there, or somebody has just stored it again. */
const moveAside = async (path: string, leaving: string, settledMs: number): Promise<boolean> => {
  const there = join(leaving, basename(path));
  try {
    await rename(path, there);
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  if (Date.now() - (await stat(there)).mtimeMs >= settledMs) return true;
  await putBack(there, path);
  return false;
};

/** Unless it was stored again meanwhile, which is the same. */
const putBack = async (from: string, to: string): Promise<void> => {
  await link(from, to).catch((error: unknown) => {
    // Missing: another replica was faster with the same.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST" && !isMissing(error)) throw error;
  });
  await rm(from, { force: true });
};

/** All that lies aside, and what another process that was killed left there. */
const takeBack = async (store: Store, leaving: string): Promise<void> => {
  for (const name of await namesIn(leaving)) {
    const hex = MANIFEST.exec(name)?.[1];
    if (hex !== undefined) {
      await putBack(join(leaving, name), store.manifest(`sha256:${hex}` as Digest));
    } else if (CONTENT.test(name)) {
      await mkdir(dirname(store.file(name)), { recursive: true, mode: 0o700 });
      await putBack(join(leaving, name), store.file(name));
    }
  }
  await syncFolder(join(store.root, "manifests"));
};

const removeUnused = async (store: Store, leaving: string, settledMs: number): Promise<void> => {
  const used = new Set<string>();
  for (const digest of await storedIn(store)) {
    const text = await readFile(store.manifest(digest), "utf8");
    // A manifest that is damaged throws, and nothing is removed: it may name anything.
    for (const entry of parseManifest(text, digest)) {
      if (entry.kind === "file") used.add(entry.sha256);
    }
  }
  const files = join(store.root, "files");
  for (const part of await namesIn(files)) {
    for (const name of await namesIn(join(files, part))) {
      if (!CONTENT.test(name) || used.has(name)) continue;
      if (!(await moveAside(store.file(name), leaving, settledMs))) continue;
      await rm(join(leaving, name), { force: true });
    }
  }
};

/** None: there is no such folder. */
const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
};

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === "ENOENT";
