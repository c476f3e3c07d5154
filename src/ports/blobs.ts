// Artifacts by digest. What was stored once never changes.

import type { Digest } from "../core/ids.ts";

export interface Blobs {
  /** Stores a file or a folder as it is now. Refuses links that leave it, devices, and names that
   * climb out; throws a Refusal (see refusal.ts) that names the entry. The same content gives the
   * same digest. */
  put(
    path: string,
  ): Promise<{ readonly digest: Digest; readonly bytes: number; readonly files: number }>;
  has(digest: Digest): Promise<boolean>;
  /** Lays a private, complete copy under `folder`, which must not exist yet. Verifies the digest.
   * */
  unpack(digest: Digest, folder: string): Promise<void>;
  /** Of all that is stored. */
  list(): Promise<readonly Digest[]>;
  /** Removes artifacts and contents that no other one has. `decide` is asked last, when they can no
   * longer be had, and says which of them really go; the others are put back, and so is all of them
   * where it rejects or the process is killed. What was stored in the last minutes stays. */
  remove(
    digests: readonly Digest[],
    decide: (there: readonly Digest[]) => Promise<readonly Digest[]>,
  ): Promise<void>;
}
