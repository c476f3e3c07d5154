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

type Patch = Put | Taken;

interface Put {
  /** Where in the tree it was put. */
  readonly at: Path;
  readonly value: unknown;
  /** Where it is written. */
  readonly source: SourceDocument;
  readonly from: Path;
}

/** An item taken out of a list: those behind it moved up. */
interface Taken {
  readonly list: Path;
  readonly index: number;
}

/** What a key that is to be nothing does: it is an error, or takes away what was there. */
type Nothing = "stays" | "takes";

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
export const patched = (tree: Tree, put: Put, nothing: Nothing): Tree => ({
  ...tree,
  value: replacedAt(tree.value, put.at, (base) => merged(base, put.value, nothing)),
  patches: [...tree.patches, put],
});

export const withoutItem = (tree: Tree, list: Path, index: number): Tree => ({
  ...tree,
  value: replacedAt(tree.value, list, (items) =>
    Array.isArray(items) ? items.filter((_, place) => place !== index) : items,
  ),
  patches: [...tree.patches, { list, index }],
});

/** One part in place of another that stands in the same text. */
export const inPlaceOf = (tree: Tree, at: Path, value: unknown): Tree => ({
  ...tree,
  value: replacedAt(tree.value, at, () => value),
});

type PlainMap = Readonly<Record<string, unknown>>;

export const isPlainMap = (value: unknown): value is PlainMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const replacedAt = (base: unknown, at: Path, replace: (part: unknown) => unknown): unknown => {
  const [key, ...rest] = at;
  if (key === undefined) return replace(base);
  if (Array.isArray(base)) {
    return base.map((item, index): unknown =>
      index === key ? replacedAt(item, rest, replace) : item,
    );
  }
  const map = isPlainMap(base) ? base : {};
  return { ...map, [key]: replacedAt(map[String(key)], rest, replace) };
};

const merged = (base: unknown, over: unknown, nothing: Nothing): unknown => {
  if (!isPlainMap(over)) return over;
  const under: PlainMap = isPlainMap(base) ? base : {};
  const keys = [...new Set([...Object.keys(under), ...Object.keys(over)])];
  return Object.fromEntries(
    keys.flatMap((key): readonly (readonly [string, unknown])[] => {
      if (!Object.hasOwn(over, key)) return [[key, under[key]]];
      if (nothing === "takes" && over[key] === null) return [];
      return [[key, merged(Object.hasOwn(under, key) ? under[key] : null, over[key], nothing)]];
    }),
  );
};

/** Where the part at the path comes from; null: nobody wrote it. */
export const originOf = (tree: Tree, path: Path): Origin | null => {
  let sought = path;
  for (const patch of tree.patches.toReversed()) {
    if ("list" in patch) {
      sought = asBefore(sought, patch);
      continue;
    }
    const { at, value, source, from } = patch;
    const within = startsWith(sought, at);
    const rest = sought.slice(at.length);
    if (within && holds(value, rest)) return { source, path: [...from, ...rest] };
  }
  return null;
};

const startsWith = (path: Path, start: Path): boolean =>
  path.length >= start.length && start.every((key, index) => path[index] === key);

/** The same part, where it was before an item before it was taken out. */
const asBefore = (path: Path, { list, index }: Taken): Path => {
  const place = path[list.length];
  const moved = startsWith(path, list) && typeof place === "number" && place >= index;
  return moved ? [...list, place + 1, ...path.slice(list.length + 1)] : path;
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
