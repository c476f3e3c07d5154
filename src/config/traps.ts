// What YAML allows and definitions refuse wherever it stands: doubled keys, tags, keys that are not
// words, numbers in forms that people read differently, and time zones that are none.

import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import { parseZone } from "../core/zone.ts";
import { keyText, type Path } from "./place.ts";
import type { Fault } from "./leaf.ts";

export interface Trap extends Fault {
  readonly path: Path;
}

/** Keys whose value is a time zone, whatever they belong to. */
const ZONE_KEYS: readonly string[] = ["zone", "timezone", "timeZone"];
/** Below these keys stand a service's own words. */
const OPAQUE_KEYS: readonly string[] = ["env"];
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/u;

/** The first `most` of them, in the order of the file. */
export const findTraps = (root: Node | null, most: number): readonly Trap[] => {
  const traps: Trap[] = [];
  const walk = (node: unknown, path: Path, opaque: boolean): void => {
    if (isAlias(node) || traps.length >= most) return;
    if (hasTag(node)) {
      traps.push({
        code: "yaml-tag",
        message: `expected no tag, found ${node.tag}`,
        hint: "write the plain value",
        path,
      });
    }
    if (isScalar(node)) {
      const trap = numberTrap(node) ?? (opaque ? null : zoneTrap(node, path));
      if (trap !== null) traps.push({ ...trap, path });
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => walk(item, [...path, index], opaque));
    } else if (isMap(node)) {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = keyText(pair);
        const here = [...path, key];
        if (!isScalar(pair.key) || typeof pair.key.value !== "string") {
          traps.push({
            code: "bad-key",
            message: "expected a word as key, found another value",
            hint: "put it in quotes",
            path: here,
          });
        } else if (seen.has(key)) {
          traps.push({
            code: "duplicate-key",
            message: `${key} is written twice`,
            hint: "keep one of them",
            path: here,
          });
        }
        seen.add(key);
        walk(pair.value, here, opaque || OPAQUE_KEYS.includes(key));
      }
    }
  };
  walk(root, [], false);
  return traps.slice(0, most);
};

/** Names that are in use and that the runtime lists under their other name. */
const ZONE_LINKS: readonly string[] = [
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Asia/Ho_Chi_Minh",
  "Asia/Yangon",
  "Europe/Kyiv",
  "America/Argentina/Buenos_Aires",
  "America/Indiana/Indianapolis",
  "Pacific/Kanton",
];

const hasTag = (node: unknown): node is Node & { readonly tag: string } =>
  (isScalar(node) || isMap(node) || isSeq(node)) && node.tag !== undefined;

const numberTrap = (node: Scalar): Fault | null => {
  if (typeof node.value !== "number") return null;
  const source = node.source ?? String(node.value);
  if (PLAIN_NUMBER.test(source)) return null;
  const message = `expected a number in plain digits, found ${source.slice(0, 40)}`;
  const plain =
    Number.isFinite(node.value) && Math.abs(node.value) < 1e15
      ? `write ${node.value}, or "${source.slice(0, 40)}" for text`
      : "write the number out";
  return { code: "odd-number", message, hint: plain };
};

const zoneTrap = (node: Scalar, path: Path): Fault | null => {
  if (typeof node.value !== "string" || !ZONE_KEYS.includes(String(path.at(-1)))) return null;
  const zone = parseZone(node.value, [...Intl.supportedValuesOf("timeZone"), ...ZONE_LINKS]);
  return zone.kind === "ok"
    ? null
    : { code: "unknown-zone", message: zone.message, hint: zone.hint };
};
