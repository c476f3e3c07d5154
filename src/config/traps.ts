// What YAML allows and definitions refuse wherever it stands: doubled keys, tags, keys that are not
// words, numbers in forms that people read differently, and time zones that are none.

import { isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from "yaml";
import type { RefusalBody } from "../core/refusal.ts";
import { faultBody, MAX_FAULTS } from "./issues.ts";
import { keyText, placeOf, type Path } from "./place.ts";
import type { Fault } from "./leaf.ts";
import { PLAIN_NUMBER } from "./plain-scalar.ts";
import type { YamlDocument } from "./yaml-source.ts";
import { readZone } from "./zones.ts";

export interface Trap extends Fault {
  readonly path: Path;
}

/** Keys whose value is a time zone, whatever they belong to. */
const ZONE_KEYS: readonly string[] = ["zone", "timezone", "timeZone"];
/** Below these keys stand a service's own words. */
const OPAQUE_KEYS: readonly string[] = ["env"];

/** Those of a document. */
export const trapsOf = (whole: YamlDocument): readonly Trap[] =>
  findTraps(whole.document.contents, MAX_FAULTS + 1);

/** Those of a document, in words. */
export const trapBodies = (whole: YamlDocument, traps = trapsOf(whole)): readonly RefusalBody[] =>
  traps.map((trap) => faultBody(trap, placeOf(whole, trap.path), trap.path));

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
  const zone = readZone(node.value);
  if (zone.kind === "ok") return null;
  const { kind: _, ...fault } = zone;
  return fault;
};
