// What a folder of bytes asks of the system, with the system's refusals in words for people.

import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, rm, rmdir, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { Refusal } from "../../core/refusal.ts";

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: "no space is left there",
  EDQUOT: "no more of the disk may be used",
  EFBIG: "files may not be that large there",
  EACCES: "Sluice may not write or read there",
  EPERM: "Sluice may not write or read there",
  EROFS: "it can only be read",
  ENOTDIR: "a part of its path is a file",
  ENOENT: "it is not there and cannot be made",
  EIO: "the disk fails",
};

/** With a Refusal `store-refused` where the system says no. */
export const told = async <T>(root: string, work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || !(error instanceof Error) || !("syscall" in error)) throw error;
    throw new Refusal({
      code: "store-refused",
      message: `the folder of the store: ${WORDS[code] ?? code}`,
      where: root,
      hint: "look at the folder, its disk, and whether the control plane's account may use it",
    });
  }
};

/** One at a time: Node's own way of making all never ends where one of them cannot be made, as in
 * /proc. */
export const makeFolder = async (path: string): Promise<void> => {
  const made = async (): Promise<string | null> =>
    mkdir(path, { mode: 0o700 }).then(
      () => null,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "ENOENT") return error.code;
        if (error.code === "EEXIST") return null;
        throw error;
      },
    );
  if ((await made()) === null) return;
  const parent = dirname(path);
  if (parent !== path) await makeFolder(parent);
  if ((await made()) === null) return;
  throw Object.assign(new Error(`${path} cannot be made`), { code: "ENOENT", syscall: "mkdir" });
};

/** The name is on disk only once its folder is. */
export const flush = async (folder: string): Promise<void> => {
  await using handle = await open(folder, "r");
  await handle.sync();
};

/** No key begins with a dot, so these are in nobody's list. Machine and pid tell who writes it. */
const UNFINISHED = ".unfinished-";
/** Nobody writes for so long. */
const ABANDONED_MS = 8 * 86_400_000;
/** Somebody else may have our name and no such process, but not keep still for so long. */
const STILL_MS = 60_000;

export const unfinishedName = (): string =>
  `${UNFINISHED}${hostname()}-${process.pid}-${randomBytes(8).toString("hex")}`;

/** In all of it: what a killed process left takes room from the next, wherever that writes. */
export const removeAbandoned = async (folder: string): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeAbandoned(path);
    else if (entry.name.startsWith(UNFINISHED) && (await isAbandoned(path, entry.name))) {
      await rm(path, { force: true });
      await removeEmpty(folder);
    }
  }
};

const isAbandoned = async (path: string, name: string): Promise<boolean> => {
  const found = await stat(path).catch(() => null);
  if (found === null) return false;
  const stillMs = Date.now() - found.mtimeMs;
  if (stillMs > ABANDONED_MS) return true;
  if (stillMs < STILL_MS) return false;
  const own = `${UNFINISHED}${hostname()}-`;
  const pid = name.startsWith(own) ? /^(\d+)-/u.exec(name.slice(own.length))?.[1] : undefined;
  return pid !== undefined && !lives(Number(pid));
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

/** A folder that holds something stays. */
export const removeEmpty = (folder: string): Promise<void> => rmdir(folder).catch(() => undefined);
