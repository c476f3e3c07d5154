// Changes put on a playbook's tree: the strategy is found by its kind, steps by their names, and
// `~` takes away. What found nothing to change is told to whoever wrote it.

import { inPlaceOf, isPlainMap, patched, withoutItem, type Tree } from "./tree.ts";
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
    used.push(written.join("."), ...takenIn(value, written, partAt(amended, at)));
    amended = patched(amended, { at, value, source, from: [...from, ...written] }, "takes");
  };
  const whole = Object.keys(set).filter((key) => !STRATEGIES.includes(key) && key !== "steps");
  for (const key of whole) put([], { [key]: set[key] }, []);
  // Behind the others, so that they change what is there now.
  for (const [key, value] of Object.entries(set)) {
    const at = STRATEGIES.includes(key) ? strategyAt(amended, key) : null;
    if (at !== null) put(at, value, [key]);
  }
  for (const [name, value] of Object.entries(stepsOf(set))) {
    const at = namedSteps(amended).get(name);
    if (at === undefined) continue;
    if (value !== null) put(at, value, ["steps", name]);
    else {
      // The item is a map of this one key.
      amended = unasked(withoutItem(amended, at.slice(0, -2), Number(at.at(-2))), at.slice(0, -2));
      used.push(`steps.${name}`);
    }
  }
  return { tree: amended, used };
};

/** A share of a canary before which nothing is asked any more is that share alone. */
const unasked = (tree: Tree, list: Path): Tree => {
  const left = partAt(tree, list);
  const share = list.slice(0, -1);
  if (share.length === 0 || !Array.isArray(left) || left.length > 0) return tree;
  return inPlaceOf(tree, share, partAt(tree, [...share, "weight"]));
};

/** What has to find something to change, as paths within the changes. */
export const addressed = (set: Changes["set"]): readonly (readonly string[])[] => {
  const steps = stepsOf(set);
  const named = [
    ...Object.keys(set).flatMap((key) => (STRATEGIES.includes(key) ? [[key]] : [])),
    ...Object.keys(steps).map((name) => ["steps", name]),
  ];
  const told = new Set(named.map((path) => path.join(".")));
  return [...named, ...nothings(set, []).filter((path) => !told.has(path.join(".")))];
};

/** The keys beside one that a change is to take away. */
export const keysBeside = (tree: Tree, path: readonly string[]): readonly string[] => {
  const [head = "", ...rest] = path.slice(0, -1);
  const step = head === "steps" ? namedSteps(tree).get(rest[0] ?? "") : undefined;
  const at: Path | null | undefined =
    head === "steps"
      ? step && [...step, ...rest.slice(1)]
      : STRATEGIES.includes(head)
        ? [...(strategyAt(tree, head) ?? []), ...rest]
        : path.slice(0, -1);
  const around = at === undefined ? undefined : partAt(tree, at);
  return isPlainMap(around) ? Object.keys(around) : [];
};

/** Keys that are to be nothing; within a list nothing is taken away. */
const nothings = (value: unknown, path: readonly string[]): readonly (readonly string[])[] =>
  isPlainMap(value)
    ? Object.entries(value).flatMap(([key, part]) =>
        part === null ? [[...path, key]] : nothings(part, [...path, key]),
      )
    : [];

/** Of those, what is there. */
const takenIn = (value: unknown, written: readonly string[], there: unknown): readonly string[] =>
  nothings(value, [])
    .filter((path) => {
      const around = path.slice(0, -1).reduce(within, there);
      return isPlainMap(around) && Object.hasOwn(around, path.at(-1) ?? "");
    })
    .map((path) => [...written, ...path].join("."));

const within = (part: unknown, key: PropertyKey): unknown => {
  if (Array.isArray(part)) return (part as readonly unknown[])[Number(key)];
  return isPlainMap(part) && Object.hasOwn(part, key) ? part[String(key)] : undefined;
};

const partAt = (tree: Tree, path: Path): unknown => path.reduce<unknown>(within, tree.value);

const stepsOf = (set: Changes["set"]): Readonly<Record<string, unknown>> =>
  isPlainMap(set["steps"]) ? set["steps"] : {};

const strategyAt = (tree: Tree, key: string): Path | null => {
  const items = partAt(tree, ["deploy"]);
  const index = (Array.isArray(items) ? items : []).findIndex(
    (item) => isPlainMap(item) && Object.hasOwn(item, key),
  );
  return index < 0 ? null : ["deploy", index, key];
};

/** Kinds of strategies in a tree: one, where it is right. */
export const strategiesIn = (tree: Tree): readonly string[] =>
  STRATEGIES.filter((key) => strategyAt(tree, key) !== null);

/** Each step's name and place; those between the shares of a canary too. */
export const namedSteps = (tree: Tree): ReadonlyMap<string, Path> => {
  const found = new Map<string, Path>();
  const look = (list: Path): void => {
    const items = partAt(tree, list);
    for (const [index, item] of Array.isArray(items) ? items.entries() : []) {
      for (const [key, value] of isPlainMap(item) ? Object.entries(item) : []) {
        const usual = NAMED_STEPS.get(key);
        if (usual === undefined || !isPlainMap(value)) continue;
        const name = value["name"];
        found.set(typeof name === "string" ? name : usual, [...list, index, key]);
      }
    }
  };
  for (const part of ["before", "deploy", "after"]) look([part]);
  const canary = strategyAt(tree, "canary") ?? [];
  const shares = partAt(tree, [...canary, "steps"]);
  if (Array.isArray(shares))
    shares.forEach((_, index) => look([...canary, "steps", index, "before"]));
  return found;
};
