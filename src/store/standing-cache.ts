// What stands, by release and lane, so that a pass neither fetches nor parses again what did not
// change: reports may be long. The least recently used go first.

import type { LaneKey } from "../core/lane.ts";
import { laneName } from "../core/lane.ts";
import type { ReleaseId } from "../core/ids.ts";
import type { StoredPass } from "../ports/store.ts";

export interface Stands extends Pick<StoredPass, "standing" | "verifiedIn" | "firstSeen"> {
  /** Of all standing facts, when these were read. */
  readonly version: number;
}

export interface StandingCache {
  /** Undefined: not known, or as of another version. */
  get(key: StandsKey, version: number): Stands | undefined;
  put(key: StandsKey, stands: Stands): void;
}

export interface StandsKey extends LaneKey {
  readonly release: ReleaseId;
}

export const standingCache = (limit: number): StandingCache => {
  const kept = new Map<string, Stands>();
  return {
    get: (key, version) => {
      const found = kept.get(nameOf(key));
      return found?.version === version ? found : undefined;
    },
    put: (key, stands) => {
      const name = nameOf(key);
      kept.delete(name);
      kept.set(name, stands);
      if (kept.size > limit) kept.delete(kept.keys().next().value ?? name);
    },
  };
};

const nameOf = (key: StandsKey): string => `${laneName(key)} ${key.release}`;
