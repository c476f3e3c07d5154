// A password for libpq's programs: in a file that only we can read, never on a command line.

import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Clocks of files and of processes need not agree. */
const CLOCK_SLACK_MS = 1_000;

export interface PassFile extends AsyncDisposable {
  /** To add to a program's environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Null password: there is nothing to write, and libpq may know another way. */
export const passFile = async (folder: string, password: string | null): Promise<PassFile> => {
  if (password === null) return { environment: {}, [Symbol.asyncDispose]: async () => {} };
  await removeAbandonedPasses(folder);
  // The pid tells who would remove it.
  const own = await mkdtemp(join(folder, `${process.pid}-pass-`));
  const path = join(own, "pgpass");
  const escaped = password.replaceAll(/[\\:]/gu, (sign) => `\\${sign}`);
  await writeFile(path, `*:*:*:*:${escaped}\n`, { mode: 0o600 });
  return {
    environment: { PGPASSFILE: path },
    [Symbol.asyncDispose]: () => rm(own, { recursive: true, force: true }),
  };
};

/** Passwords of processes that were killed. In a container each control plane has the same pid, so
 * what is older than this process is not of it. */
export const removeAbandonedPasses = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const pid = Number(/^([0-9]+)-pass-/.exec(name)?.[1]);
    if (!Number.isInteger(pid)) continue;
    const path = join(folder, name);
    const made = await stat(path).catch(() => null);
    const isOlder = made !== null && made.mtimeMs < performance.timeOrigin - CLOCK_SLACK_MS;
    const isAbandoned = pid === process.pid ? isOlder : !lives(pid);
    if (isAbandoned) await rm(path, { recursive: true, force: true });
  }
};

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};
