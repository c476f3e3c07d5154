// Folders for nobody but their owner.

import { chmodSync, lstatSync, mkdirSync } from "node:fs";

/** Creates it, or makes sure that it is a folder of ours that others cannot enter: one below a
 * shared temporary folder may have been put there by somebody else. */
export const ownFolder = (path: string): void => {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const { uid, mode } = lstatSync(path);
  if (!lstatSync(path).isDirectory() || uid !== process.geteuid?.()) {
    throw new Error(`${path} is not a folder of this user`);
  }
  if ((mode & 0o077) !== 0) chmodSync(path, 0o700);
};
