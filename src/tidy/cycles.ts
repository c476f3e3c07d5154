// Rule `cycles`: no file may depend on itself by way of others, types included; two files that need
// each other are one thought, or hide a third.

import type { Violation } from "./source.ts";
import { targetOf } from "./tree.ts";
import type { Tree } from "./tree.ts";

export const checkCycles = (tree: Tree): readonly Violation[] => {
  const edges = edgesOf(tree);
  const done = new Set<string>();
  const violations: Violation[] = [];
  for (const start of edges.keys()) {
    const cycle = cycleFrom(start, edges, done, []);
    if (cycle !== null) violations.push(violationOf(cycle));
  }
  return violations;
};

type Edges = ReadonlyMap<string, readonly string[]>;

const edgesOf = (tree: Tree): Edges =>
  new Map(
    tree.modules.map((module) => [
      module.path,
      module.imports
        .filter((taken) => taken.how !== "url")
        .flatMap((taken) => targetOf(module.path, taken) ?? []),
    ]),
  );

/** Depth first; a file that was left without a cycle is never entered again. */
const cycleFrom = (
  path: string,
  edges: Edges,
  done: Set<string>,
  trail: readonly string[],
): readonly string[] | null => {
  const met = trail.indexOf(path);
  if (met >= 0) return trail.slice(met);
  if (done.has(path)) return null;
  let found: readonly string[] | null = null;
  for (const next of edges.get(path) ?? []) {
    found ??= cycleFrom(next, edges, done, [...trail, path]);
  }
  done.add(path);
  return found;
};

const violationOf = (cycle: readonly string[]): Violation => {
  const first = cycle[0] ?? "";
  const message = `imports itself: ${[...cycle, first].join(" → ")}`;
  return { rule: "cycles", path: first, line: 0, message };
};
