// Changes put on a playbook's tree: the strategy is found by its kind, steps by their names. What
// found nothing to change is told to whoever wrote it.

import { isPlainMap, patched, type Tree } from "./tree.ts";
import type { Path } from "./place.ts";
import type { SourceDocument } from "./yaml-source.ts";

const STRATEGIES: readonly string[] = ["canary", "blueGreen", "rolling", "recreate"];
/** Keys of steps that have a name, and the name of those that write none. */
const NAMED_STEPS: ReadonlyMap<string, string> = new Map([
  ["task", ""],
  ["migrate", "migrate"],
  ["flags", "flags"],
  ["cachePurge", "cache-purge"],
  ["dns", "dns"],
  ["verify", "verify"],
  ["manual", ""],
]);

export interface Changes {
  readonly set: Readonly<Record<string, unknown>>;
  /** Where they are written. */
  readonly source: SourceDocument;
  readonly from: Path;
}

export interface Amended {
  readonly tree: Tree;
  /** Paths within the changes that found something. */
  readonly used: readonly string[];
}

export const amend = (tree: Tree, { set, source, from }: Changes): Amended => {
  let amended = tree;
  const used: string[] = [];
  const put = (at: Path, value: unknown, written: readonly string[]): void => {
    amended = patched(amended, { at, value, source, from: [...from, ...written] });
    used.push(written.join("."));
  };
  for (const [key, value] of Object.entries(set)) {
    if (!STRATEGIES.includes(key) && key !== "steps") put([key], value, [key]);
  }
  // Behind the others, so that they change what is there now.
  for (const [key, value] of Object.entries(set)) {
    const at = STRATEGIES.includes(key) ? strategyAt(amended, key) : null;
    if (at !== null) put(at, value, [key]);
  }
  for (const [name, value] of Object.entries(stepsOf(set))) {
    const at = namedSteps(amended).get(name);
    if (at !== undefined) put(at, value, ["steps", name]);
  }
  return { tree: amended, used };
};

/** What has to find something to change, as paths within the changes. */
export const addressed = (set: Changes["set"]): readonly (readonly string[])[] => [
  ...Object.keys(set).flatMap((key) => (STRATEGIES.includes(key) ? [[key]] : [])),
  ...Object.keys(stepsOf(set)).map((name) => ["steps", name]),
];

const stepsOf = (set: Changes["set"]): Readonly<Record<string, unknown>> =>
  isPlainMap(set["steps"]) ? set["steps"] : {};

const itemsOf = (tree: Tree, part: string): readonly unknown[] => {
  const items = isPlainMap(tree.value) ? tree.value[part] : undefined;
  return Array.isArray(items) ? (items as readonly unknown[]) : [];
};

const strategyAt = (tree: Tree, key: string): Path | null => {
  const index = itemsOf(tree, "deploy").findIndex(
    (item) => isPlainMap(item) && Object.hasOwn(item, key),
  );
  return index < 0 ? null : ["deploy", index, key];
};

/** Kinds of strategies in a tree: one, where it is right. */
export const strategiesIn = (tree: Tree): readonly string[] =>
  STRATEGIES.filter((key) => strategyAt(tree, key) !== null);

/** Each step's name and place. */
export const namedSteps = (tree: Tree): ReadonlyMap<string, Path> => {
  const found = new Map<string, Path>();
  for (const part of ["before", "deploy", "after"]) {
    itemsOf(tree, part).forEach((item, index) => {
      for (const [key, value] of isPlainMap(item) ? Object.entries(item) : []) {
        const usual = NAMED_STEPS.get(key);
        if (usual === undefined || !isPlainMap(value)) continue;
        const name = value["name"];
        found.set(typeof name === "string" ? name : usual, [part, index, key]);
      }
    });
  }
  return found;
};
