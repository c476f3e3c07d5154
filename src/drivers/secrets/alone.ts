// One process at a time changes the store: several control planes may share a data directory. The
// lock says who holds it, so that what a killed process left is taken at once, and one that was
// only slow cannot write over what came after it.

import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
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

/** Null: there is none. */
const holderOf = (lock: string): Promise<string | null> =>
  readFile(lock, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

const taken = async (lock: string, mine: string): Promise<boolean> => {
  const beside = `${lock}.${mine.replace(" ", "-")}`;
  await using file = await open(beside, "wx", 0o600);
  try {
    await file.writeFile(mine);
    if (await linked(beside, lock)) return true;
    const holder = await holderOf(lock);
    if (holder === null || !(await isAbandoned(lock, holder))) return false;
    // Moved away first, and looked at: somebody else may have been quicker.
    await rename(lock, beside);
    const moved = await holderOf(beside);
    if (moved !== holder) await linked(beside, lock);
    return false;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  } finally {
    await rm(beside, { force: true });
  }
};

/** Whole at once, unlike a file that is made and then written. */
const linked = async (from: string, to: string): Promise<boolean> => {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
};

const isAbandoned = async (lock: string, holder: string): Promise<boolean> => {
  const pid = Number(/^(\d+) /u.exec(holder)?.[1]);
  if (Number.isInteger(pid) && !lives(pid)) return true;
  const { mtimeMs } = await stat(lock);
  return Math.abs(Date.now() - mtimeMs) > HELD_MS;
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
