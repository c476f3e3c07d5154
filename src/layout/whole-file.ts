// Files for their owner alone: old or new and never half, and on disk, with their folder's entry,
// before anybody relies on them.

import { randomBytes } from "node:crypto";
import { link, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const FRESH = /\.[0-9a-f]{12}\.new$/u;

/** In place of what is there. `first` is asked at the last moment, and may reject. */
export const replaceWhole = (
  path: string,
  text: string,
  first?: () => Promise<void>,
): Promise<void> =>
  written(path, text, async (fresh) => {
    await first?.();
    await rename(fresh, path);
  });

/** Where there is none yet; one that is there stays as it is. */
export const createWhole = (path: string, text: string): Promise<void> =>
  written(path, text, async (fresh) => {
    await link(fresh, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  });

/** What killed processes left of this file. Only for who is alone with it. */
export const removeUnfinished = async (path: string): Promise<void> => {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${basename(path)}.`) || !FRESH.test(name)) continue;
    await rm(join(folder, name), { force: true });
  }
};

const written = async (
  path: string,
  text: string,
  place: (fresh: string) => Promise<void>,
): Promise<void> => {
  const fresh = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    await using file = await open(fresh, "wx", 0o600);
    await file.writeFile(text);
    await file.sync();
    await place(fresh);
  } finally {
    await rm(fresh, { force: true });
  }
  await using folder = await open(dirname(path), "r");
  await folder.sync();
};
