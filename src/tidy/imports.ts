// Rule `imports`: data walks one way through the house. Product code imports what its room allows;
// tests may import anything of the product, and nothing imports a test.

import { builtinModules } from "node:module";

import type { Import, Module } from "./module.ts";
import { ROOMS, roomOf } from "./rooms.ts";
import type { Room } from "./rooms.ts";
import { isProduct, kindOf } from "./source.ts";
import type { Violation } from "./source.ts";
import { packageOf, targetOf } from "./tree.ts";
import type { Packages, Tree } from "./tree.ts";

/** Wires everything, so whoever imported it would know everything. Programs may start it. */
const MAIN = "src/main.ts";

export const checkImports = (tree: Tree): readonly Violation[] =>
  tree.modules.flatMap((module) =>
    module.imports.flatMap((taken) => {
      const message = wrongWith(module, taken, tree.packages);
      if (message === null) return [];
      return [{ rule: "imports", path: module.path, line: taken.line, message }];
    }),
  );

const wrongWith = (module: Module, taken: Import, packages: Packages): string | null => {
  if (taken.how === "url") return null;
  const target = targetOf(module.path, taken);
  if (target === null) return wrongWithPackage(module.path, taken.specifier, packages);
  if (!/\.(ts|json)$/.test(target)) {
    return `write the whole name of the file, "….ts", not "${taken.specifier}"`;
  }
  if (target === MAIN) return `nothing imports ${MAIN}; move what is needed out of it`;
  return isProduct(module.path) ? wrongWithFile(module.path, target) : null;
};

const wrongWithFile = (path: string, target: string): string | null => {
  if (kindOf(target) !== "code") return `product code must not import the test file ${target}`;
  const room = roomOf(path);
  if (room === null) return `no room is made for this folder in ${TABLE}`;
  if (mayImport(room, target)) return null;
  return `${room.folder} may not know ${target}; it may import ${listOf(room)}`;
};

const TABLE = "src/tidy/rooms.ts";

const mayImport = (room: Room, target: string): boolean => {
  if (target.startsWith(room.folder)) return true;
  // A room inside a room (src/api/contract/, say) belongs to the outer one as well.
  const inside = roomOf(target);
  if (inside !== null && inside.folder.startsWith(room.folder)) return true;
  return room.from.some((folder) => target.startsWith(folder));
};

const listOf = (room: Room): string => [room.folder, ...room.from].join(", ");

const wrongWithPackage = (path: string, specifier: string, packages: Packages): string | null => {
  if (specifier.startsWith("node:")) return wrongWithNode(path, specifier);
  if (builtinModules.includes(specifier)) return `write "node:${specifier}"`;
  const name = packageOf(specifier);
  const declared = packages.runtime.has(name);
  if (!isProduct(path) || path.startsWith("src/tidy/")) {
    const known = declared || packages.development.has(name);
    return known ? null : `${name} is not in package.json`;
  }
  if (!declared) return `${name} is not among the dependencies in package.json`;
  const room = roomOf(path);
  if (room === null || room.packages.includes(name)) return null;
  return `${room.folder} may not use the package ${name}; ${TABLE} says who may`;
};

const wrongWithNode = (path: string, specifier: string): string | null => {
  const room = isProduct(path) ? roomOf(path) : null;
  if (room === null || room.node === "any" || room.node.includes(specifier)) return null;
  return `${room.folder} may not use ${specifier} of Node`;
};

/** Every product file needs a row, also one that imports nothing. */
export const checkRooms = (tree: Tree): readonly Violation[] =>
  tree.modules
    .filter((module) => isProduct(module.path) && roomOf(module.path) === null)
    .map((module) => ({
      rule: "rooms",
      path: module.path,
      line: 0,
      message: `no room of ${TABLE} holds this file (there are ${ROOMS.length})`,
    }));
