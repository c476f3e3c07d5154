// One process at a time changes the store: several control planes may share a data directory. The
// lock says who holds it, so that what a killed process left is taken at once, and one that was
// only slow cannot write over what came after it.

import { randomBytes } from "node:crypto";
import { lstat, mkdir, readlink, rm, symlink } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";

/** A change takes milliseconds: who lives and holds it for longer hangs. */
const HELD_MS = 30_000;
const WAIT_MS = 2 * HELD_MS;
const LOOK_MS = 20;

/** Rejects with a Refusal `secrets-busy` where the lock was lost meanwhile. */
export type StillHeld = () => Promise<void>;

/** `path` is what is to be changed; the lock lies beside it. Throws a Refusal `secrets-busy`. */
export const alone = async <T>(
  path: string,
  change: (held: StillHeld) => Promise<T>,
): Promise<T> => {
  const lock = `${path}.lock`;
  const mine = `${process.pid} ${randomBytes(8).toString("hex")}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let waitedMs = 0; !(await taken(lock, mine)); waitedMs += LOOK_MS) {
    if (waitedMs > WAIT_MS) throw busy(lock);
    await sleep(LOOK_MS);
  }
  const isMine = async (): Promise<boolean> => (await holderOf(lock)) === mine;
  try {
    return await change(async () => {
      if (!(await isMine())) throw busy(lock);
    });
  } finally {
    if (await isMine()) await rm(lock, { force: true });
  }
};

const busy = (where: string): Refusal => {
  const message = "somebody else has been changing the secrets for too long";
  return new Refusal({ code: "secrets-busy", message, where, hint: "try again" });
};

/** A link that leads nowhere: it is there with its text or not at all, and leaves nothing beside it
 * where its maker is killed. Null: there is none. */
const holderOf = (lock: string): Promise<string | null> =>
  readlink(lock).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

const made = async (lock: string, mine: string): Promise<boolean> => {
  try {
    await symlink(mine, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

const taken = async (lock: string, mine: string): Promise<boolean> => {
  if (await made(lock, mine)) return true;
  const holder = await holderOf(lock);
  if (holder !== null && (await isAbandoned(lock, holder))) await free(lock, holder, mine);
  return false;
};

/** One at a time takes an abandoned lock away, and none but the one that was found abandoned:
 * somebody else may have been quicker, and have it by now. */
const free = async (lock: string, holder: string, mine: string): Promise<void> => {
  const freeing = `${lock}.free`;
  if (await made(freeing, mine)) {
    try {
      if ((await holderOf(lock)) === holder) await rm(lock, { force: true });
    } finally {
      await rm(freeing, { force: true });
    }
    return;
  }
  const other = await holderOf(freeing);
  if (other !== null && (await isAbandoned(freeing, other))) await rm(freeing, { force: true });
};

const isAbandoned = async (lock: string, holder: string): Promise<boolean> => {
  const pid = Number(/^(\d+) /u.exec(holder)?.[1]);
  if (Number.isInteger(pid) && !lives(pid)) return true;
  const seen = await lstat(lock).catch(() => null);
  return seen !== null && Math.abs(Date.now() - seen.mtimeMs) > HELD_MS;
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
