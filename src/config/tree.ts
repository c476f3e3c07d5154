// What a definition says in the end, and where each part of it is written: in its own document, in
// one that it extends, or in an overlay.

import { placeOf, type Path, type Place } from "./place.ts";
import type { SourceDocument } from "./yaml-source.ts";

export interface Tree {
  readonly value: unknown;
  /** Where what nobody wrote would belong. */
  readonly home: SourceDocument;
  /** In the order in which they were put on each other. */
  readonly patches: readonly Patch[];
}

interface Patch {
  /** Where in the tree it was put. */
  readonly at: Path;
  readonly value: unknown;
  /** Where it is written. */
  readonly source: SourceDocument;
  readonly from: Path;
}

interface Origin {
  readonly source: SourceDocument;
  readonly path: Path;
}

export const treeOf = (source: SourceDocument, value: unknown): Tree => ({
  value,
  home: source,
  patches: [{ at: [], value, source, from: [] }],
});

/** Maps are merged, all else is replaced. */
export const patched = (tree: Tree, patch: Patch): Tree => ({
  ...tree,
  value: mergedAt(tree.value, patch.at, patch.value),
  patches: [...tree.patches, patch],
});

type PlainMap = Readonly<Record<string, unknown>>;

export const isPlainMap = (value: unknown): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const mergedAt = (base: unknown, at: Path, value: unknown): unknown => {
  const [key, ...rest] = at;
  if (key === undefined) return merged(base, value);
  if (Array.isArray(base)) {
    return base.map((item, index): unknown => (index === key ? mergedAt(item, rest, value) : item));
  }
  const map = isPlainMap(base) ? base : {};
  return { ...map, [key]: mergedAt(map[String(key)], rest, value) };
};

const merged = (base: unknown, over: unknown): unknown => {
  if (!isPlainMap(base) || !isPlainMap(over)) return over;
  const keys = [...new Set([...Object.keys(base), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.map((key) => [
      key,
      !Object.hasOwn(over, key)
        ? base[key]
        : Object.hasOwn(base, key)
          ? merged(base[key], over[key])
          : over[key],
    ]),
  );
};

/** Where the part at the path comes from; null: nobody wrote it. */
export const originOf = (tree: Tree, path: Path): Origin | null => {
  for (const { at, value, source, from } of tree.patches.toReversed()) {
    const within = path.length >= at.length && at.every((key, index) => path[index] === key);
    const rest = path.slice(at.length);
    if (within && holds(value, rest)) return { source, path: [...from, ...rest] };
  }
  return null;
};

/** Also true where the path leads on from a list or a single value: that replaced all there was. */
const holds = (value: unknown, path: Path): boolean => {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  if (!isPlainMap(value)) return true;
  return Object.hasOwn(value, key) && holds(value[String(key)], rest);
};

export const placeIn = (tree: Tree, path: Path): Place => {
  const origin = originOf(tree, path) ?? { source: tree.home, path };
  return placeInSource(origin.source, origin.path);
};

/** What passes a limit as soon as it is looked at closely has no better place than that. */
export const placeInSource = (source: SourceDocument, path: Path): Place => {
  const whole = source.whole();
  if (whole.kind === "ok") return placeOf(whole.document, path);
  const { where = source.path } = whole.fault;
  return { where, found: "", shape: "nothing", exists: false, entries: 0, source: "" };
};
