// Where things lie in the store.

import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Digest } from "../../core/ids.ts";

export interface Store {
  readonly root: string;
  /** The contents with this SHA-256. */
  readonly file: (sha256: string) => string;
  readonly manifest: (digest: Digest) => string;
  /** A new name on the same disk, for what is not complete yet. */
  readonly incoming: () => string;
}

export const storeAt = (root: string): Store => ({
  root,
  file: (sha256) => join(root, "files", sha256.slice(0, 2), sha256),
  manifest: (digest) => join(root, "manifests", `${digest.slice("sha256:".length)}.json`),
  incoming: () => join(root, "incoming", randomBytes(8).toString("hex")),
});
