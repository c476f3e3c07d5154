// Files of the moment that are either the old one or the new one, whatever happens meanwhile. What
// has to outlive a power cut is written by layout/whole-file.ts.

import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";

/** Survives the keeper's death but not a power cut, which ends what it speaks of as well. Done when
 * it returns, so it can stand between two steps that a crash must not reorder. 0600. */
export const replaceFile = (path: string, text: string): void => {
  const fresh = `${path}.${randomBytes(6).toString("hex")}.new`;
  try {
    writeFileSync(fresh, text, { flag: "wx", mode: 0o600 });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
};
