// Playbooks that extend others: what is written lies over what the other one says. How far that may
// go, and who is told about a mistake that only the whole has, is decided here.

import * as z from "zod";
import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { addressed, amend, keysBeside, namedSteps, strategiesIn, type Changes } from "./amend.ts";
import { brokenEntry, ownFaults, readEntry, readTree, type Entry } from "./entries.ts";
import type { Head } from "./heads.ts";
import { bodiesOf } from "./issues.ts";
import type { Path } from "./place.ts";
import { reuseFields } from "./playbook.ts";
import {
  isPlainMap,
  originOf,
  patched,
  placeIn,
  placeInSource,
  treeOf,
  type Tree,
} from "./tree.ts";
import { name } from "./values.ts";
import type { SourceDocument } from "./yaml-source.ts";

/** Playbooks one above the other, the last among them. */
const MAX_LAYERS = 6;

/** What its own document says besides what belongs to a playbook anyway. */
const OWN_KEYS = z.looseObject({ name: name(), ...reuseFields() });

export interface ReadPlaybook {
  readonly head: Head;
  readonly tree: Tree;
  readonly entry: Entry | null;
  readonly faults: readonly RefusalBody[];
}

/** `heads` are all of the playbooks; each is read when it, or one that extends it, is asked for. */
export const playbookReader = (heads: readonly Head[]): ((head: Head) => ReadPlaybook) => {
  const byName = new Map(heads.toReversed().map((head) => [head.name, head]));
  const known = new Map<Head, ReadPlaybook>();
  const read = (head: Head): ReadPlaybook => {
    const before = known.get(head);
    if (before !== undefined) return before;
    const base = head.value["extends"];
    const result =
      typeof base === "string"
        ? readOver(head, { heads, byName, read })
        : { head, tree: treeOf(head.source, head.value), ...readEntry(head) };
    known.set(head, result);
    return result;
  };
  return read;
};

interface Others {
  readonly heads: readonly Head[];
  readonly byName: ReadonlyMap<string, Head>;
  readonly read: (head: Head) => ReadPlaybook;
}

const readOver = (head: Head, others: Others): ReadPlaybook => {
  const own = treeOf(head.source, head.value);
  const stop = (faults: readonly RefusalBody[]): ReadPlaybook => ({
    head,
    tree: own,
    entry: brokenEntry(head, own),
    faults,
  });
  const bases = basesOf(head, others.byName);
  if (bases.kind === "wrong") return stop(basesFaults(head, bases, others));
  const [base] = bases.heads;
  const written = ownFaults(head, OWN_KEYS, OWN_KEYS.safeParse(head.value));
  if (written.length > 0) return stop(written);
  return { head, ...readLayers(head, others.read(base)) };
};

type Bases =
  | { readonly kind: "right"; readonly heads: readonly [Head, ...Head[]] }
  /** `again`: where a circle closes; null: it goes on for too long, or ends at an unknown name. */
  | { readonly kind: "wrong"; readonly heads: readonly Head[]; readonly again: Head | null };

/** What lies under a playbook, the nearest first. */
const basesOf = (head: Head, byName: Others["byName"]): Bases => {
  const heads: Head[] = [];
  for (let next: Head = head; typeof next.value["extends"] === "string";) {
    const base = byName.get(next.value["extends"]);
    if (base === undefined || heads.length + 1 === MAX_LAYERS)
      return next === head || base !== undefined
        ? { kind: "wrong", heads, again: null }
        : { kind: "right", heads: heads as [Head, ...Head[]] };
    if (base === head || heads.includes(base)) return { kind: "wrong", heads, again: base };
    heads.push(base);
    next = base;
  }
  return { kind: "right", heads: heads as [Head, ...Head[]] };
};

/** A circle is told once, at the first of its playbooks, and not at those that lead into it. */
const basesFaults = (
  head: Head,
  { heads, again }: Extract<Bases, { kind: "wrong" }>,
  others: Others,
): readonly RefusalBody[] => {
  const { where } = placeInSource(head.source, ["extends"]);
  if (again !== null) {
    const circle = [head, ...heads];
    if (again !== head || others.heads.find((one) => circle.includes(one)) !== head) return [];
    const names = [...circle, head].map((one) => one.name);
    const message = `extends goes in a circle: ${names.join(" extends ")}`;
    const hint = "one of them must extend no other";
    return [{ code: "cyclic-extends", message, where, hint }];
  }
  if (heads.length > 0) {
    const message = `expected at most ${MAX_LAYERS} playbooks one above the other, found more`;
    return [{ code: "too-many-layers", message, where, hint: "write this one out" }];
  }
  const base = String(head.value["extends"]);
  const known = [...others.byName.keys()].filter((one) => one !== head.name);
  const message = `no playbook is called ${base}`;
  return [{ code: "unknown-playbook", message, where, hint: didYouMean(base, known) }];
};

const readLayers = (
  head: Head,
  under: ReadPlaybook,
): Pick<ReadPlaybook, "tree" | "entry" | "faults"> => {
  const { extends: _, set, ...value } = head.value;
  const layer = { at: [], value, source: head.source, from: [] };
  const over = patched({ ...under.tree, home: head.source }, layer, "stays");
  const changes: Changes | null = isPlainMap(set)
    ? { set, source: head.source, from: ["set"] }
    : null;
  const tree = changes === null ? over : amend(over, changes).tree;
  const blame = { source: head.source, path: ["extends"] };
  const sound = under.entry?.kind === "Playbook";
  const unused =
    changes === null || !sound ? [] : unusedChanges(changes, [over], amend(over, changes).used);
  const read = readTree(head, tree, (issues, schema) => {
    const own = (path: Path): boolean => originOf(tree, path)?.source === head.source;
    const told = sound ? issues : issues.filter((issue) => own(issue.path));
    return wordsFor({ issues: told, schema, tree, own, blame });
  });
  const faults = [...unused, ...read.faults];
  return { tree, entry: faults.length > 0 ? brokenEntry(head, tree) : read.entry, faults };
};

/** Of issues in a tree, those that stand in somebody else's text are told to whoever put the parts
 * together: alone they are right. */
export const wordsFor = ({
  issues,
  schema,
  tree,
  own,
  blame,
}: {
  readonly issues: readonly z.core.$ZodIssue[];
  readonly schema: z.ZodType;
  readonly tree: Tree;
  readonly own: (path: Path) => boolean;
  /** A place of theirs. */
  readonly blame: { readonly source: SourceDocument; readonly path: Path };
}): readonly RefusalBody[] => {
  const checked = { place: (path: Path) => placeIn(tree, path), schema };
  const here = bodiesOf(
    issues.filter((issue) => own(issue.path)),
    checked,
  );
  const there = bodiesOf(
    issues.filter((issue) => !own(issue.path)),
    checked,
  ).map((body) => ({
    ...body,
    where: placeInSource(blame.source, blame.path).where,
    message: `with this, at ${body.where ?? tree.home.path}: ${body.message}`,
  }));
  return [...here, ...there];
};

/** Changes of what none of the trees has. */
export const unusedChanges = (
  changes: Changes,
  trees: readonly Tree[],
  used: readonly string[],
): readonly RefusalBody[] => {
  const unused = addressed(changes.set).filter((path) => !used.includes(path.join(".")));
  // What is within something that is not there is told with that.
  const told = unused.filter(
    (path) =>
      !unused.some(
        (one) => one.length < path.length && path.join(".").startsWith(`${one.join(".")}.`),
      ),
  );
  return told.map((path) => unusedChange(changes, path, trees));
};

const unusedChange = (
  { set, source, from }: Changes,
  path: readonly string[],
  trees: readonly Tree[],
): RefusalBody => {
  const { where } = placeInSource(source, [...from, ...path]);
  const [key = "", step] = path;
  const last = path.at(-1) ?? "";
  if (key === "steps" && step !== undefined && path.length === 2) {
    const known = [...new Set(trees.flatMap((tree) => [...namedSteps(tree).keys()]))];
    return {
      code: "unknown-step",
      message: `no step is called ${step}`,
      where,
      hint: didYouMean(step, known),
    };
  }
  if (path.length > 1 || set[key] === null) {
    const known = [...new Set(trees.flatMap((tree) => keysBeside(tree, path)))];
    const message = `there is no ${path.join(".")} to take away`;
    return { code: "nothing-to-take", message, where, hint: didYouMean(last, known) };
  }
  const found = [...new Set(trees.flatMap(strategiesIn))];
  const message = `there is no ${key} to change`;
  const hint = `the strategy is ${found.join(" or ")}`;
  return { code: "nothing-to-change", message, where, hint };
};
