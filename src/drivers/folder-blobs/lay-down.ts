// Lays a private copy of an artifact into a new folder, and trusts nothing that it finds in the
// store: every path is checked and every file hashed again.

import { mkdir, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Digest } from "../../core/ids.ts";
import { eachAtOnce } from "./at-once.ts";
import { copyHashed, openPlain } from "./contents.ts";
import { damaged, parseManifest } from "./manifest.ts";
import type { FileEntry } from "./manifest.ts";
import type { Store } from "./store.ts";

export interface Laying {
  readonly digest: Digest;
  /** Of the manifest. */
  readonly text: string;
  /** Must not exist; is gone again when this fails. */
  readonly folder: string;
}

export const layDown = async (store: Store, { digest, text, folder }: Laying): Promise<void> => {
  const entries = parseManifest(text, digest);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 });
  try {
    // Sorted by path, so a folder comes before what lies in it.
    for (const { kind, path } of entries) {
      if (kind === "folder") await mkdir(join(folder, path), { mode: 0o700 });
    }
    const files = entries.filter((entry) => entry.kind === "file");
    await eachAtOnce(files, (entry) => layFile(store, digest, entry, join(folder, entry.path)));
    // Last, so that nothing is ever written through one.
    for (const entry of entries) {
      if (entry.kind === "link") await symlink(entry.target, join(folder, entry.path));
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

const layFile = async (
  store: Store,
  digest: Digest,
  entry: FileEntry,
  to: string,
): Promise<void> => {
  const stored = await openPlain(store.file(entry.sha256)).catch(() => null);
  if (stored === null) throw damaged(digest, `${entry.path} is missing`);
  try {
    const mode = entry.executable ? 0o700 : 0o600;
    const copied = await copyHashed(stored, to, { mode, maxBytes: entry.bytes, sync: false });
    if (copied.sha256 !== entry.sha256 || copied.bytes !== entry.bytes) {
      throw damaged(digest, `${entry.path} has other contents`);
    }
  } finally {
    await stored.close();
  }
};
