// Folders that people name and Sluice writes to: made and tried before anything depends on them.
// What the file system has against them is told as a Refusal here, and nowhere else.

import { mkdir, mkdtemp, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";

/** A disk that answers at all answers sooner; one across a network may never. */
const DEADLINE_MS = 10_000;

/** Makes the folder where there is none, with those above it, and sees that it can be written to.
 * `mode` is of the folders that it makes. Throws Refusals. */
export const usableFolder = (path: string, mode: number): Promise<void> =>
  onDisk(path, async () => {
    await make(resolve(path), mode);
    await rmdir(await mkdtemp(join(path, ".trying-")));
  });

/** The result of the work on this path; its failures and its silence as Refusals. */
export const onDisk = async <T>(where: string, work: () => Promise<T>): Promise<T> => {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const silence = `the file system has not answered for ${DEADLINE_MS / 1_000} s`;
  const timer = setTimeout(() => reject(refused(where, silence)), DEADLINE_MS);
  try {
    return await Promise.race([work(), late]);
  } catch (error) {
    throw diskRefusal(error);
  } finally {
    clearTimeout(timer);
  }
};

/** A Refusal where the file system failed, else the error as it is. */
export const diskRefusal = (error: unknown): unknown => {
  if (!(error instanceof Error)) return error;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined || path === undefined) return error;
  if (NOT_OF_DISKS.has(syscall)) return error;
  return refused(path, SENTENCES[code] ?? `the file system says no to ${syscall} (${code})`);
};

/** Calls that name a path and are about sockets or programs. */
const NOT_OF_DISKS = new Set(["connect", "listen", "bind", "accept"]);

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: "this user may not write here",
  EPERM: "this user may not write here",
  EROFS: "this file system is read only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full for this user",
  EEXIST: "there is something else in its place, which is not a folder",
  ENOTDIR: "a part of this path is not a folder",
  ENOENT: "no folder can be made here",
  ENAMETOOLONG: "the path is too long",
};

const refused = (where: string, message: string): Refusal =>
  new Refusal({ code: "cannot-write", message, where, hint: "name another folder" });

/** One after the other: made all at once, Node asks for ever where the system says of a folder that
 * is there that it is not, as below /proc. */
const make = async (path: string, mode: number): Promise<void> => {
  const missing: string[] = [];
  for (let at = path; !(await isThere(at)); at = dirname(at)) missing.unshift(at);
  for (const one of missing) await makeOne(one, mode);
  if (!(await stat(path)).isDirectory()) throw refused(path, SENTENCES["EEXIST"] ?? "");
};

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );

/** Somebody else may make the same one at the same moment. */
const makeOne = async (path: string, mode: number): Promise<void> => {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    const found = await stat(path).catch(() => null);
    if (found?.isDirectory() !== true) throw error;
  }
};
