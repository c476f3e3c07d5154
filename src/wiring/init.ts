// `sluice init`: writes the commented starter set, and nothing over what is there.

import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { starterDefinitions } from "../config/starter.ts";
import { Refusal } from "../core/refusal.ts";
import { onDisk, usableFolder } from "./on-disk.ts";

/** Throws a Refusal `file-exists` or `cannot-write` before it has written anything. */
export const init = async (
  folder: string,
): Promise<{ readonly folder: string; readonly files: readonly string[] }> => {
  const files = starterDefinitions();
  for (const { path } of files) {
    if (await exists(join(folder, path))) {
      throw new Refusal({
        code: "file-exists",
        message: "it is there already, and nothing was written",
        where: join(folder, path),
        hint: "name another folder, or move it away",
      });
    }
  }
  await usableFolder(folder, FOLDER_MODE);
  await onDisk(folder, async () => {
    for (const { path, text } of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text, { flag: "wx" });
    }
  });
  return { folder: resolve(folder), files: files.map(({ path }) => path) };
};

/** As the user's own umask will have it. */
const FOLDER_MODE = 0o777;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
