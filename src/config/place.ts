// Where in a file a value stands, and what stands there: from a path such as deploy[0].canary.steps
// to `web.yaml:12 deploy[0].canary.steps`.

import { isAlias, isMap, isScalar, isSeq, type Document, type Node, type Pair } from "yaml";
import { quoted } from "../core/units.ts";
import type { YamlDocument } from "./yaml-source.ts";

export type Path = readonly PropertyKey[];

export interface Place {
  /** `web.yaml:12 deploy[0].canary`, without the path for a whole document. */
  readonly where: string;
  /** In words: `the text "abc"`, `the number 1e3`, `a list`, `nothing`. */
  readonly found: string;
  readonly shape: "map" | "list" | "scalar" | "nothing";
  /** False: the path leads on from here, but the file does not. */
  readonly exists: boolean;
  /** Of a map or list. */
  readonly entries: number;
  /** As written, without quotes. */
  readonly source: string;
}

/** The node at the path, or the last one on the way to it. */
export const placeOf = (source: YamlDocument, path: Path): Place => {
  const { path: file, document, lines, linesBefore } = source;
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  let exists = true;
  for (const key of path) {
    const next: Step | null = stepInto(resolved(node, document), key);
    if (next === null) {
      exists = false;
      break;
    }
    node = next.node;
    offset = next.offset ?? offset;
  }
  const text = pathText(path);
  const here = resolved(node, document);
  const line = lines.linePos(offset).line + linesBefore;
  return {
    where: `${file}:${line}${text === "" ? "" : ` ${text}`}`,
    ...describe(here),
    exists,
  };
};

/** `deploy[0].canary.steps[2]`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    const shown = /^[A-Za-z_][\w-]*$/u.test(name) ? name : quoted(name);
    return text === "" ? shown : `${text}.${shown}`;
  }, "");

interface Step {
  readonly node: Node | null;
  readonly offset: number | undefined;
}

const stepInto = (node: Node | null, key: PropertyKey): Step | null => {
  if (isSeq(node) && typeof key === "number") {
    const item = node.items[key] as Node | undefined;
    return item === undefined ? null : { node: item, offset: item.range?.[0] };
  }
  if (!isMap(node)) return null;
  // Of doubled keys the last one counts, as it does for the value.
  const pair = node.items.findLast((entry) => keyText(entry) === String(key)) as
    Pair<Node, Node | null> | undefined;
  return pair === undefined ? null : { node: pair.value, offset: pair.key.range?.[0] };
};

export const keyText = (pair: Pair): string => {
  const { key } = pair;
  return isScalar(key) ? String(key.value) : String(key);
};

const resolved = (node: Node | null, document: Document.Parsed): Node | null =>
  isAlias(node) ? (node.resolve(document) ?? null) : node;

const describe = (node: Node | null): Pick<Place, "found" | "shape" | "entries" | "source"> => {
  if (isMap(node)) return { found: "a map", shape: "map", entries: node.items.length, source: "" };
  if (isSeq(node))
    return { found: "a list", shape: "list", entries: node.items.length, source: "" };
  if (!isScalar(node) || node.value === null)
    return { found: "nothing", shape: "nothing", entries: 0, source: "" };
  const source = node.source ?? JSON.stringify(node.value);
  if (typeof node.value === "string")
    return { found: quoted(node.value), shape: "scalar", entries: 0, source };
  const kind = typeof node.value === "number" ? "the number " : "";
  return { found: `${kind}${source.slice(0, 40)}`, shape: "scalar", entries: 0, source };
};
