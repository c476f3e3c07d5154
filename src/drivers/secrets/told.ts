// The sources of secrets as one process has them: what lies on disk is read by itself, and what
// only the control plane knows counts from when it was told.

import { join } from "node:path";
import type { SecretStore, Secrets } from "../../ports/secrets.ts";
import { envSecrets } from "./env.ts";
import { fileSecrets } from "./file.ts";
import { parseKeys } from "./key.ts";
import { localSecrets } from "./local.ts";
import { allSecrets } from "./secrets.ts";

export interface Told {
  /** Those of the environment that begin with SLUICE_SECRET_. */
  readonly variables: Readonly<Record<string, string>>;
  /** Of the local store, as written; null: it is in a file beside it. */
  readonly key: string | null;
  /** Of the files that are secrets. */
  readonly folder: string;
}

export interface ToldSecrets {
  readonly secrets: Secrets;
  readonly store: SecretStore;
  readonly tell: (told: Told) => void;
}

/** `folder`: where the encrypted store is. */
export const toldSecrets = (folder: string): ToldSecrets => {
  let told: Told | null = null;
  const store = localSecrets({
    folder,
    keys: () => (told?.key === undefined || told.key === null ? null : parseKeys(told.key)),
  });
  const secrets = allSecrets({
    env: envSecrets(() => told?.variables ?? null),
    file: fileSecrets(() => told?.folder ?? null),
    local: store,
  });
  return { secrets, store, tell: (now) => (told = now) };
};

/** Below the store's own folder, unless somebody names another one. */
export const defaultFiles = (folder: string): string => join(folder, "files");
