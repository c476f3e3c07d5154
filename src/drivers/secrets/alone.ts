// One process at a time changes the store: several control planes may share a data directory.

import { mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Refusal } from "../../core/refusal.ts";

/** A change takes milliseconds: who holds it for longer has died. */
const HELD_MS = 10_000;
const LOOK_MS = 20;

/** `path` is what is to be changed; the lock lies beside it. Throws a Refusal `secrets-busy`. */
export const alone = async <T>(path: string, change: () => Promise<T>): Promise<T> => {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let waitedMs = 0; !(await taken(lock)); waitedMs += LOOK_MS) {
    if (waitedMs > 2 * HELD_MS) {
      const message = "somebody else has been changing the secrets for too long";
      throw new Refusal({ code: "secrets-busy", message, where: lock, hint: "try again" });
    }
    await sleep(LOOK_MS);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
};

const taken = async (lock: string): Promise<boolean> => {
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  const since = await stat(lock).then(
    (found) => found.mtimeMs,
    () => Infinity,
  );
  if (Date.now() - since > HELD_MS) await rm(lock, { force: true });
  return false;
};
