// The files of its configuration that an instance finds: secrets put in, for the instance's account
// alone, replaced whole when a secret is another one.

import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { render } from "../../../core/configuration/render.ts";
import { isConfigMap, textsIn, withTexts } from "../../../core/configuration/values.ts";
import type { ConfigurationFile, Runtime } from "../../../core/runtime.ts";
import type { Secrets } from "../../../ports/secrets.ts";
import { replaceFile } from "./replace-file.ts";

export type Written =
  | { readonly kind: "written"; readonly changed: boolean }
  /** Nothing was touched. */
  | { readonly kind: "unresolved"; readonly why: string };

/** All files or none. `folder` is the instance's own. */
export const writeConfiguration = async (
  { configuration }: Runtime,
  folder: string,
  secrets: Pick<Secrets, "resolve">,
): Promise<Written> => {
  const texts: (readonly [string, string])[] = [];
  for (const file of configuration?.files ?? []) {
    const found = await textOf(file, secrets);
    if (found.kind === "unresolved") return found;
    texts.push([join(folder, file.name), found.text]);
  }
  const changed = texts.filter(([path, text]) => textAt(path) !== text);
  if (changed.length > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [path, text] of changed) replaceFile(path, text);
  return { kind: "written", changed: changed.length > 0 };
};

const textOf = async (
  { values, format }: ConfigurationFile,
  secrets: Pick<Secrets, "resolve">,
): Promise<
  | { readonly kind: "rendered"; readonly text: string }
  | { readonly kind: "unresolved"; readonly why: string }
> => {
  const resolved = await secrets.resolve(textsIn(values));
  if (resolved.kind === "unresolved") return resolved;
  const whole = withTexts(values, resolved.texts);
  return { kind: "rendered", text: render(isConfigMap(whole) ? whole : {}, format) };
};

const textAt = (path: string): string | null => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
};

/** Variables that say where the files are. */
export const placesOf = (
  { configuration }: Runtime,
  folder: string,
): Readonly<Record<string, string>> => ({
  SLUICE_CONFIG_DIR: folder,
  ...Object.fromEntries(
    (configuration?.files ?? []).flatMap(({ name, variable }) =>
      variable === null ? [] : [[variable, join(folder, name)] as const],
    ),
  ),
});

export const removeConfiguration = (folder: string): void =>
  rmSync(folder, { recursive: true, force: true });

/** Folders of instances that nobody knows any more. `all` holds one a known id. */
export const keepConfigurations = (all: string, known: ReadonlySet<string>): void => {
  mkdirSync(all, { recursive: true, mode: 0o700 });
  for (const id of readdirSync(all)) if (!known.has(id)) removeConfiguration(join(all, id));
};
