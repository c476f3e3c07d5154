// Rules `dead-file` and `dead-export`: what nothing uses is not there. A test is no use: code that
// only its own test calls is dead code with a test. What its own file uses may be exported for a
// test. Contract and testing files are there for tests, so for them tests count.

import { ENTRIES } from "./entries.ts";
import type { Export, Module } from "./module.ts";
import { isProduct, kindOf } from "./source.ts";
import type { Violation } from "./source.ts";
import { targetOf } from "./tree.ts";
import type { Tree } from "./tree.ts";

export const checkDeadFiles = (tree: Tree): readonly Violation[] => {
  const uses = usesOf(tree);
  return tree.modules
    .filter((module) => isUnder(module) && !ENTRIES.includes(module.path))
    .filter((module) => usersOf(uses, module.path).length === 0)
    .map((module) => ({
      rule: "dead-file",
      path: module.path,
      line: 0,
      message: "nothing imports this file; delete it, or list it in src/tidy/entries.ts",
    }));
};

export const checkDeadExports = (tree: Tree): readonly Violation[] => {
  const uses = usesOf(tree);
  return tree.modules
    .filter((module) => isUnder(module) && !ENTRIES.includes(module.path))
    .flatMap((module) =>
      module.exports
        .filter((offered) => isDead(offered, usersOf(uses, module.path)))
        .filter((offered) => !isTestedPart(offered, module.path, uses))
        .map((offered) => ({
          rule: "dead-export",
          path: module.path,
          line: offered.line,
          message: `nothing imports ${offered.name}; drop the word export, or the thing`,
        })),
    );
};

interface Use {
  readonly by: string;
  readonly of: string;
  readonly names: readonly string[];
}

/** Product and testing files of src answer for their exports; declarations of types do not. */
const isUnder = (module: Module): boolean => {
  const counted = isProduct(module.path) || kindOf(module.path) === "testing";
  return counted && module.path.startsWith("src/") && !module.path.endsWith(".d.ts");
};

const usesOf = (tree: Tree): readonly Use[] =>
  tree.modules.flatMap((module) =>
    module.imports.flatMap((taken) => {
      const of = targetOf(module.path, taken);
      return of === null ? [] : [{ by: module.path, of, names: taken.names }];
    }),
  );

const usersOf = (uses: readonly Use[], path: string): readonly Use[] => {
  const testsCount = kindOf(path) === "testing";
  return uses.filter((use) => use.of === path && (testsCount || kindOf(use.by) === "code"));
};

const isTestedPart = (offered: Export, path: string, uses: readonly Use[]): boolean =>
  offered.usedWithin && uses.some((use) => use.of === path && use.names.includes(offered.name));

const isDead = (offered: Export, users: readonly Use[]): boolean => {
  if (offered.kind === "all" || offered.kind === "default") return false;
  if (offered.kind === "type" && offered.partOfAnother) return false;
  return !users.some((use) => use.names.includes(offered.name) || use.names.includes("*"));
};
