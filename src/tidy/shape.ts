// Rules about the shape of a file: named exports, no barrels, nothing that Node could not run by
// leaving out the types, no state in modules, and a name that says something.

import type { Module } from "./module.ts";
import { kindOf } from "./source.ts";
import type { Violation } from "./source.ts";
import type { Tree } from "./tree.ts";

export const checkShape = (tree: Tree): readonly Violation[] =>
  tree.modules.flatMap((module) => [
    ...exportsOf(module),
    ...constructsOf(module),
    ...nameOf(module),
  ]);

const exportsOf = (module: Module): readonly Violation[] => {
  const path = module.path;
  const violations: Violation[] = module.exports.flatMap((offered): readonly Violation[] => {
    const line = offered.line;
    if (offered.kind === "default") {
      return [{ rule: "default-export", path, line, message: "give it a name and export that" }];
    }
    if (offered.kind === "all") {
      return [{ rule: "barrel", path, line, message: "export * hides where things are" }];
    }
    return [];
  });
  if (module.onlyReexports) {
    const message = "this file only passes on what others define; import from there";
    violations.push({ rule: "barrel", path, line: 0, message });
  }
  return violations;
};

const constructsOf = (module: Module): readonly Violation[] =>
  module.constructs
    // A suite may keep what its hooks make; nothing outlives its process.
    .filter((one) => one.kind !== "module state" || kindOf(module.path) !== "test")
    .map((one) => ({
      rule: one.kind.replace(" ", "-"),
      path: module.path,
      line: one.line,
      message: `${one.name}: no ${one.kind}; ${INSTEAD[one.kind]}`,
    }));

const INSTEAD = {
  enum: "a union of literals does it",
  namespace: "a file does it",
  "parameter property": "declare the field and assign it",
  "module state": "make it in a function and pass it",
} as const;

/** Names that say only that the author could not find one. */
const EMPTY_NAMES: ReadonlySet<string> = new Set([
  "utils",
  "util",
  "helpers",
  "helper",
  "manager",
  "common",
  "misc",
  "shared",
  "index",
]);

const nameOf = (module: Module): readonly Violation[] => {
  const file = module.path.slice(module.path.lastIndexOf("/") + 1).replace(/(\.\w+)?\.ts$/, "");
  const words = file.split("-");
  const empty = words.find((word) => EMPTY_NAMES.has(word));
  const path = module.path;
  if (empty !== undefined) {
    const message = `"${empty}" names nothing; use the noun that the file defines`;
    return [{ rule: "file-name", path, line: 0, message }];
  }
  if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(file)) return [];
  const message = "file names are lower-case words with dashes";
  return [{ rule: "file-name", path, line: 0, message }];
};
