// Copies contents and hashes them on the way, so that what was hashed is what was written.

import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { Store } from "./store.ts";

const CHUNK_BYTES = 256 * 1024;

export interface Copied {
  readonly sha256: string;
  readonly bytes: number;
}

/** A file that is a plain file now, whatever it was a moment ago: links are not followed and pipes
 * not waited for. Null where it is something else. */
export const openPlain = async (path: string): Promise<FileHandle | null> => {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  return null;
};

/** `to` must not exist. Stops after maxBytes, with `bytes` above them. */
export const copyHashed = async (
  from: FileHandle,
  to: string,
  {
    mode,
    maxBytes,
    sync,
  }: { readonly mode: number; readonly maxBytes: number; readonly sync: boolean },
): Promise<Copied> => {
  const hash = createHash("sha256");
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  const target = await open(to, "wx", mode);
  try {
    let bytes = 0;
    while (bytes <= maxBytes) {
      const { bytesRead } = await from.read(buffer, 0, buffer.length, bytes);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      hash.update(chunk);
      await target.writeFile(chunk);
      bytes += bytesRead;
    }
    if (sync) await target.sync();
    return { sha256: hash.digest("hex"), bytes };
  } finally {
    await target.close();
  }
};

/** Stores the contents under their hash. What lies there already is replaced by the same, which
 * mends it where it was damaged. */
export const keepFile = async (
  store: Store,
  from: FileHandle,
  maxBytes: number,
): Promise<Copied> => {
  const fresh = store.incoming();
  try {
    const copied = await copyHashed(from, fresh, { mode: 0o400, maxBytes, sync: true });
    if (copied.bytes <= maxBytes) {
      const place = store.file(copied.sha256);
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await rename(fresh, place);
    }
    return copied;
  } finally {
    await rm(fresh, { force: true });
  }
};

/** On disk, name and all, once it resolves. */
export const keepText = async (store: Store, text: string, place: string): Promise<void> => {
  const fresh = store.incoming();
  const file = await open(fresh, "wx", 0o400);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, place);
  await syncFolder(dirname(place));
};

export const syncFolder = async (path: string): Promise<void> => {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};
