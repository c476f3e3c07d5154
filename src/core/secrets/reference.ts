// How a definition names a secret without saying it: `secret:local/db-password`, or with the key of
// a JSON object behind it, `secret:local/db#password`. Which references there may be is decided
// here.

import { didYouMean } from "../closest.ts";
import { quoted } from "../units.ts";

/** Where secrets are kept: the control plane's environment, a folder of files, its own store. */
const SECRET_DRIVERS = ["env", "file", "local"] as const;
export type SecretDriver = (typeof SECRET_DRIVERS)[number];

export interface SecretReference {
  readonly driver: SecretDriver;
  readonly name: string;
  /** The secret is a JSON object, and this is the key that counts; null: all of it. */
  readonly key: string | null;
}

export type ReadReference =
  | { readonly kind: "ok"; readonly value: SecretReference }
  | { readonly kind: "error"; readonly message: string; readonly hint: string };

export const SECRET_PREFIX = "secret:";
/** Parts between slashes begin with neither dot nor dash, so that no name climbs out of a folder.
 * */
export const SECRET_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/u;
export const MAX_SECRET_NAME = 200;
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/u;
const KEY = /^[A-Za-z0-9._-]{1,100}$/u;
const EXAMPLE = "write it like secret:local/db-password";

/** Of the whole text. */
export const readReference = (text: string): ReadReference => {
  const parts = /^secret:(?<driver>[^/#]*)\/(?<name>[^#]*)(?:#(?<key>.*))?$/su.exec(text)?.groups;
  const wrong = (message: string, hint = EXAMPLE): ReadReference => ({
    kind: "error",
    message: `${message}, found ${quoted(text)}`,
    hint,
  });
  if (parts === undefined) return wrong("expected secret:DRIVER/NAME");
  const { driver: word = "", name = "" } = parts;
  const key = parts["key"] ?? null;
  const driver = SECRET_DRIVERS.find((one) => one === word);
  if (driver === undefined) {
    return wrong("expected a driver of secrets", didYouMean(word, SECRET_DRIVERS));
  }
  if (name.length > MAX_SECRET_NAME || !SECRET_NAME.test(name)) {
    return wrong("expected a secret's name of letters, digits and . _ - with / between parts");
  }
  if (driver === "env" && !VARIABLE.test(name)) {
    const hint = `secret:env/DB_PASSWORD reads the variable ${variableOf("DB_PASSWORD")}`;
    return wrong("expected the name of an environment variable", hint);
  }
  if (key !== null && !KEY.test(key)) return wrong("expected a key behind #");
  return { kind: "ok", value: { driver, name, key } };
};

export const referenceText = ({ driver, name, key }: SecretReference): string =>
  `${SECRET_PREFIX}${driver}/${name}${key === null ? "" : `#${key}`}`;

/** Of the control plane's environment nothing else can be had, whatever definitions ask for. */
export const SECRET_VARIABLES = "SLUICE_SECRET_";

export const variableOf = (name: string): string => `${SECRET_VARIABLES}${name}`;
