// Takes a file or a folder into the store as it is now, and lists what it found.

import type { Dirent } from "node:fs";
import { lstat, readdir, readlink, realpath } from "node:fs/promises";
import { basename, join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import { eachAtOnce } from "./at-once.ts";
import { keepFile, openPlain, syncFolder } from "./contents.ts";
import { MAX_ENTRIES, MAX_TOTAL_BYTES, checkPath, checkSize, refuse } from "./manifest.ts";
import type { Entry } from "./manifest.ts";
import type { Store } from "./store.ts";

/** Throws a Refusal that names the entry it could not take. */
export const collect = async (source: string, store: Store): Promise<readonly Entry[]> => {
  const root = await realpath(source).catch(() => null);
  if (root === null) {
    throw new Refusal({
      code: "artifact-not-found",
      message: "there is no such file or folder",
      where: source,
      hint: "build the artifact first, or correct the path",
    });
  }
  const entries: Entry[] = [];
  const found = (await lstat(root)).isDirectory()
    ? await walk(root, entries)
    : [{ path: basename(root), source: root }];
  let bytes = 0;
  await eachAtOnce(found, async ({ path, source: file }) => {
    const entry = await takeFile(store, { path, file, maxBytes: MAX_TOTAL_BYTES - bytes });
    bytes += entry.bytes;
    entries.push(entry);
    if (bytes > MAX_TOTAL_BYTES) checkSize(entries);
  });
  await syncFiles(store, entries);
  return entries;
};

interface Found {
  readonly path: string;
  readonly source: string;
}

/** Adds folders and links to the entries; returns the files. */
const walk = async (root: string, entries: Entry[]): Promise<readonly Found[]> => {
  const files: Found[] = [];
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const item of await list(join(root, folder))) {
      const path = folder === "" ? item.name : `${folder}/${item.name}`;
      checkPath(path);
      if (entries.length + files.length >= MAX_ENTRIES) {
        throw refuse("artifact-too-large", "", `has more than ${MAX_ENTRIES} entries`);
      }
      const source = join(root, path);
      if (item.isDirectory()) {
        entries.push({ kind: "folder", path });
        folders.push(path);
      } else if (item.isSymbolicLink()) {
        entries.push({ kind: "link", path, target: await readlink(source) });
      } else if (item.isFile()) {
        files.push({ path, source });
      } else {
        throw notPlain(path);
      }
    }
  }
  return files;
};

const list = async (folder: string): Promise<readonly Dirent[]> => {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw refuse("artifact-unreadable", folder, `cannot be read: ${(error as Error).message}`);
  }
};

const takeFile = async (
  store: Store,
  {
    path,
    file,
    maxBytes,
  }: { readonly path: string; readonly file: string; readonly maxBytes: number },
): Promise<Extract<Entry, { kind: "file" }>> => {
  const opened = await openPlain(file).catch((error: unknown) => {
    throw refuse("artifact-unreadable", path, `cannot be read: ${(error as Error).message}`);
  });
  if (opened === null) throw notPlain(path);
  try {
    const executable = ((await opened.stat()).mode & 0o111) !== 0;
    return { kind: "file", path, executable, ...(await keepFile(store, opened, maxBytes)) };
  } finally {
    await opened.close();
  }
};

const notPlain = (path: string): Refusal =>
  refuse("artifact-entry", path, "is neither a file, a folder nor a link");

/** Names of files are on disk only when their folders are. */
const syncFiles = async (store: Store, entries: readonly Entry[]): Promise<void> => {
  const folders = new Set(
    entries.flatMap((entry) =>
      entry.kind === "file" ? [join(store.file(entry.sha256), "..")] : [],
    ),
  );
  for (const folder of folders) await syncFolder(folder);
};
