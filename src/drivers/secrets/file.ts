// Secrets from files, one each, as platforms mount them: `secret:file/db/password` is the file
// db/password below the folder of secrets. Read anew each time, so a file that is replaced counts.

import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import type { SecretRead, SecretSource } from "../../ports/secrets.ts";
import { MAX_SECRET_BYTES } from "./limits.ts";

/** `folder` null: nobody has said yet where it is. */
export const fileSecrets = (folder: () => string | null): SecretSource => ({
  read: async (name) => {
    const root = folder();
    if (root === null) {
      return { kind: "unreadable", why: "no control plane has said yet where the files are" };
    }
    try {
      return await readBelow(root, name);
    } catch (error) {
      const { code = "it failed" } = error as NodeJS.ErrnoException;
      if (code === "ENOENT" || code === "ENOTDIR") {
        return { kind: "missing", hint: `write it to ${join(root, name)}` };
      }
      return { kind: "unreadable", why: `${join(root, name)} cannot be read: ${code}` };
    }
  },
});

/** Links are followed, as mounted secrets are links, but not out of the folder. */
const readBelow = async (root: string, name: string): Promise<SecretRead> => {
  const [top, path] = await Promise.all([realpath(root), realpath(join(root, name))]);
  if (!path.startsWith(top + sep)) {
    return { kind: "unreadable", why: `${join(root, name)} leads out of its folder` };
  }
  // A pipe would be waited for, and with it everything else that reads files.
  await using file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const found = await file.stat();
  if (!found.isFile()) return { kind: "unreadable", why: `${join(root, name)} is no file` };
  const { size } = found;
  if (size > MAX_SECRET_BYTES) {
    return {
      kind: "unreadable",
      why: `${join(root, name)} has more than ${MAX_SECRET_BYTES} bytes`,
    };
  }
  const text = (await file.readFile()).toString("utf8");
  // Editors and echo end a file with a line feed that nobody means.
  return { kind: "found", value: text.replace(/\r?\n$/u, "") };
};
