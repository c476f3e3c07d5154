// What `sluice up` takes from its environment for secrets: those that are variables, the key of the
// local store, the folder of those that are files.

import { resolve } from "node:path";
import { Refusal } from "../core/refusal.ts";
import { SECRET_VARIABLES } from "../core/secrets/reference.ts";
import { parseKeys } from "../drivers/secrets/key.ts";
import { defaultFiles } from "../drivers/secrets/told.ts";
import type { Told } from "../drivers/secrets/told.ts";

const KEY = "SLUICE_SECRETS_KEY";
const FOLDER = "SLUICE_SECRETS_DIR";

/** Throws a Refusal `bad-secrets-key`: with another key than the one that was meant, every secret
 * would seem to be lost. */
export const secretSettings = (
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Told => {
  const key = env[KEY] ?? null;
  if (key !== null && parseKeys(key) === null) {
    throw new Refusal({
      code: "bad-secrets-key",
      message:
        "expected 32 bytes in base64 or hexadecimal, or several such keys, found something else",
      where: KEY,
      hint: "make one with: openssl rand -base64 32",
    });
  }
  const variables = Object.entries(env).flatMap(([name, value]) =>
    name.startsWith(SECRET_VARIABLES) && value !== undefined ? [[name, value] as const] : [],
  );
  return {
    variables: Object.fromEntries(variables),
    key,
    folder: resolve(env[FOLDER] ?? defaultFiles(folder)),
  };
};
