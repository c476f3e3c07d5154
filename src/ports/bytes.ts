// A store of named bytes: a folder, a bucket. What is put is there whole or not at all.

import type { Instant } from "../core/ids.ts";

export interface Bytes {
  /** Replaces what is there. Where the source throws, nothing is stored and it rejects with that.
   * Returns how many bytes there were. */
  put(key: string, source: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>;
  /** Null: there is none. What cannot be read to its end throws in the loop. */
  get(key: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
  /** All whose keys begin so, in order of their keys. */
  list(prefix: string, signal: AbortSignal): Promise<readonly StoredBytes[]>;
  /** What is not there is gone already. */
  delete(key: string, signal: AbortSignal): Promise<void>;
}

export interface StoredBytes {
  readonly key: string;
  readonly bytes: number;
  readonly at: Instant;
}

/** Parts of lower-case letters, digits, `.`, `_` and `-`, none of them only dots. */
export const isKey = (key: string): boolean =>
  key.length <= 500 && /^(?:[a-z0-9_-][a-z0-9._-]*)(?:\/[a-z0-9_-][a-z0-9._-]*)*$/.test(key);
