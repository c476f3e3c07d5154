// `sluice init`: writes the commented starter set, and nothing over what is there.

import { access, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { starterDefinitions } from "../config/starter.ts";
import { Refusal } from "../core/refusal.ts";

/** Throws a Refusal `file-exists` before it has written anything. */
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
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { flag: "wx" });
  }
  return { folder: resolve(folder), files: files.map(({ path }) => path) };
};

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
