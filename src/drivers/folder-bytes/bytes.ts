// Bytes in a folder. A file is written beside its place, flushed, and then moved there, so that a
// crash leaves the old content or the new one.

import { createReadStream } from "node:fs";
import { open, readdir, rename, rm, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname, join } from "node:path";
import { instant } from "../../core/ids.ts";
import { isKey } from "../../ports/bytes.ts";
import type { Bytes, StoredBytes } from "../../ports/bytes.ts";
import { flush, makeFolder, removeAbandoned, removeEmpty, told, unfinishedName } from "./folder.ts";

export const folderBytes = (root: string): Bytes => ({
  put: async (key, source, signal) => {
    const path = pathOf(root, key);
    signal.throwIfAborted();
    await removeAbandoned(root);
    const fresh = join(dirname(path), unfinishedName());
    try {
      const bytes = await write(root, fresh, source, signal);
      await told(root, rename(fresh, path));
      await told(root, flush(dirname(path)));
      return bytes;
    } catch (error) {
      await rm(fresh, { force: true }).catch(() => undefined);
      throw error;
    }
  },
  get: async (key, signal) => {
    const path = pathOf(root, key);
    signal.throwIfAborted();
    if (!(await told(root, isFile(path)))) return null;
    return createReadStream(path, { signal });
  },
  list: async (prefix, signal) => {
    signal.throwIfAborted();
    const found = await told(root, listFolder(root, ""));
    return found
      .filter(({ key }) => key.startsWith(prefix))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
  },
  delete: async (key, signal) => {
    signal.throwIfAborted();
    const path = pathOf(root, key);
    await told(root, rm(path, { force: true }));
    await removeEmpty(dirname(path));
  },
});

const pathOf = (root: string, key: string): string => {
  if (!isKey(key)) throw new Error(`${JSON.stringify(key)} is no key`);
  return join(root, ...key.split("/"));
};

const write = async (
  root: string,
  path: string,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> => {
  await using file = await told(root, created(path));
  let bytes = 0;
  for await (const chunk of source) {
    signal.throwIfAborted();
    await told(root, file.writeFile(chunk));
    bytes += chunk.length;
  }
  signal.throwIfAborted();
  await told(root, file.sync());
  return bytes;
};

/** Twice, since somebody may just have removed the folder as an empty one. */
const created = async (path: string): Promise<FileHandle> => {
  await makeFolder(dirname(path));
  try {
    return await open(path, "wx", 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await makeFolder(dirname(path));
    return open(path, "wx", 0o600);
  }
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
