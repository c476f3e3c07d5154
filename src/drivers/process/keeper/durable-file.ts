// Files that are either the old one or the new one, whatever happens meanwhile.

import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

const beside = (path: string): string => `${path}.${randomBytes(6).toString("hex")}.new`;

/** Survives a power cut once it resolves: file and folder entry are on disk. 0600. */
export const writeDurably = async (path: string, text: string): Promise<void> => {
  const fresh = beside(path);
  try {
    const file = await open(fresh, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
};

/** Survives the keeper's death but not a power cut, which ends what it speaks of as well. Done when
 * it returns, so it can stand between two steps that a crash must not reorder. 0600. */
export const replaceFile = (path: string, text: string): void => {
  const fresh = beside(path);
  try {
    writeFileSync(fresh, text, { flag: "wx", mode: 0o600 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
};
