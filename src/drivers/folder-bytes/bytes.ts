// Bytes in a folder. A file is written beside its place, flushed, and then moved there, so that a
// crash leaves the old content or the new one.

import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { instant } from "../../core/ids.ts";
import { isKey } from "../../ports/bytes.ts";
import type { Bytes, StoredBytes } from "../../ports/bytes.ts";

/** No key begins with a dot, so these are in nobody's list. */
const UNFINISHED = ".unfinished-";
/** Nobody writes for so long. */
const ABANDONED_MS = 8 * 86_400_000;

export const folderBytes = (root: string): Bytes => ({
  put: async (key, source, signal) => {
    const path = pathOf(root, key);
    signal.throwIfAborted();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await removeAbandoned(dirname(path));
    const fresh = join(dirname(path), `${UNFINISHED}${randomBytes(8).toString("hex")}`);
    try {
      const bytes = await write(fresh, source, signal);
      await rename(fresh, path);
      await flush(dirname(path));
      return bytes;
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  },
  get: async (key, signal) => {
    const path = pathOf(root, key);
    signal.throwIfAborted();
    if (!(await isFile(path))) return null;
    return createReadStream(path, { signal });
  },
  list: async (prefix, signal) => {
    signal.throwIfAborted();
    const found = await listFolder(root, "");
    return found
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  },
  delete: async (key, signal) => {
    signal.throwIfAborted();
    await rm(pathOf(root, key), { force: true });
  },
});

const pathOf = (root: string, key: string): string => {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is no key`);
  return join(root, ...key.split("/"));
};

const write = async (
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> => {
  await using file = await open(path, "wx", 0o600);
  let bytes = 0;
  for await (const chunk of source) {
    signal.throwIfAborted();
    await file.writeFile(chunk);
    bytes += chunk.length;
  }
  signal.throwIfAborted();
  await file.sync();
  return bytes;
};

/** The name is on disk only once its folder is. */
const flush = async (folder: string): Promise<void> => {
  await using handle = await open(folder, "r");
  await handle.sync();
};

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
      throw error;
    },
  );

const listFolder = async (root: string, inside: string): Promise<readonly StoredBytes[]> => {
  const entries = await readdir(join(root, inside), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return [];
      throw error;
    },
  );
  const found = entries
    .filter(({ name }) => !name.startsWith("."))
    .map(async (entry): Promise<readonly StoredBytes[]> => {
      const key = inside === "" ? entry.name : `${inside}/${entry.name}`;
      if (entry.isDirectory()) return listFolder(root, key);
      const { size, mtimeMs } = await stat(join(root, key));
      return [{ key, bytes: size, at: instant(Math.floor(mtimeMs)) }];
    });
  return (await Promise.all(found)).flat();
};

/** Of processes that were killed. */
const removeAbandoned = async (folder: string): Promise<void> => {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_MS)
      await rm(path, { force: true });
  }
};
