// The whole repository as the rules see it: every text file, and every script parsed once.

import { dirname, join, normalize } from "node:path/posix";

import type { Import, Module } from "./module.ts";
import { parse } from "./parse.ts";
import type { SourceText } from "./source.ts";

export interface Tree {
  readonly texts: readonly SourceText[];
  readonly modules: readonly Module[];
  readonly packages: Packages;
}

/** Names from package.json. */
export interface Packages {
  readonly runtime: ReadonlySet<string>;
  readonly development: ReadonlySet<string>;
}

export const treeOf = (texts: readonly SourceText[]): Tree => ({
  texts,
  modules: parse(texts),
  packages: packagesOf(texts),
});

const packagesOf = (texts: readonly SourceText[]): Packages => {
  const file = texts.find((one) => one.path === "package.json");
  const json = JSON.parse(file?.text ?? "{}") as {
    readonly dependencies?: Readonly<Record<string, string>>;
    readonly devDependencies?: Readonly<Record<string, string>>;
  };
  return {
    runtime: new Set(Object.keys(json.dependencies ?? {})),
    development: new Set(Object.keys(json.devDependencies ?? {})),
  };
};

/** The path that a relative import leads to; null for a package or a part of Node. */
export const targetOf = (from: string, taken: Import): string | null => {
  const { specifier, how } = taken;
  const relative = isRelative(specifier) || (how === "url" && !specifier.includes(":"));
  return relative ? normalize(join(dirname(from), specifier)) : null;
};

const isRelative = (specifier: string): boolean => /^\.{1,2}\//.test(specifier);

/** `@scope/name` or `name`, without the path inside it. */
export const packageOf = (specifier: string): string =>
  specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
