// Overlays put on the playbooks that they are for. One for an environment makes a playbook of its
// own for each that is used there, `web-canary@staging`; one for a playbook alone changes it.

import type * as z from "zod";
import type { RefusalBody } from "../core/refusal.ts";
import { amend, type Changes } from "./amend.ts";
import type { Entry, EntryOf } from "./entries.ts";
import { readTree } from "./entries.ts";
import type { Head } from "./heads.ts";
import { pathText } from "./place.ts";
import { unusedChanges, wordsFor, type ReadPlaybook } from "./reuse.ts";
import { isPlainMap, originOf, placeInSource, type Tree } from "./tree.ts";
import type { SourceDocument } from "./yaml-source.ts";

/** On one playbook; each is merged into it in turn. */
const MAX_OVERLAYS = 20;

/** An overlay and its document. */
export interface ReadOverlay {
  readonly head: Head;
  readonly entry: EntryOf<"Overlay">;
}

export interface Overlaid {
  /** In place of the entries of the same name. */
  readonly changed: readonly EntryOf<"Playbook">[];
  /** Besides them, by the names that inEnvironment gives. */
  readonly made: readonly EntryOf<"Playbook">[];
  readonly faults: readonly RefusalBody[];
}

/** A playbook in an environment that has overlays for it. No written name has an `@`. */
const nameIn = (playbook: string, environment: string): string => `${playbook}@${environment}`;

/** The name of the playbook that a service follows in an environment. */
export const playbookIn = (
  overlays: readonly EntryOf<"Overlay">[],
  playbook: string,
  environment: string,
): string =>
  overlays.some(
    ({ value }) => value.environment === environment && (value.playbook ?? playbook) === playbook,
  )
    ? nameIn(playbook, environment)
    : playbook;

/** `uses`: playbook and environment of each service in each of its environments. */
export const overlay = (
  overlays: readonly ReadOverlay[],
  playbooks: readonly ReadPlaybook[],
  uses: readonly { readonly playbook: string; readonly environment: string }[],
): Overlaid => {
  if (overlays.length === 0) return { changed: [], made: [], faults: [] };
  const sound = playbooks.filter(({ entry }) => entry?.kind === "Playbook");
  const byName = new Map(sound.map((read) => [read.head.name, read]));
  const entries = overlays.map(({ entry }) => entry);
  const inPlace = sound.map((read) => ({ read, name: read.head.name, environment: null }));
  const apart = distinct(uses).flatMap(({ playbook, environment }) => {
    const read = byName.get(playbook);
    const name = playbookIn(entries, playbook, environment);
    return read === undefined || name === playbook ? [] : [{ read, name, environment }];
  });
  const tally = new Map<ReadOverlay, { used: string[]; trees: Tree[] }>(
    overlays.map((one) => [one, { used: [], trees: [] }]),
  );
  const results = [...inPlace, ...apart].map((target) => ({
    target,
    ...apply(overlays, target, tally),
  }));
  const unused = [...tally].flatMap(([one, { used, trees }]) =>
    trees.length === 0 ? [] : unusedChanges(changesOf(one), trees, used),
  );
  const of = (isApart: boolean): readonly EntryOf<"Playbook">[] =>
    results.flatMap(({ target, entry }) =>
      entry?.kind === "Playbook" && (target.environment !== null) === isApart ? [entry] : [],
    );
  const faults = [...overlays.flatMap(emptyChanges), ...unused];
  return {
    changed: of(false),
    made: of(true),
    faults: [...faults, ...results.flatMap((result) => result.faults)],
  };
};

const emptyChanges = (one: ReadOverlay): readonly RefusalBody[] => {
  const { set, source } = changesOf(one);
  if (Object.keys(set).length > 0) return [];
  const { where } = placeInSource(source, ["set"]);
  const message = "expected changes, found none";
  return [{ code: "no-changes", message, where, hint: "write what is to be different" }];
};

const distinct = <T extends { readonly playbook: string; readonly environment: string }>(
  uses: readonly T[],
): readonly T[] => [
  ...new Map(uses.map((use) => [nameIn(use.playbook, use.environment), use])).values(),
];

interface Target {
  readonly read: ReadPlaybook;
  readonly name: string;
  /** Null: changed in its place. */
  readonly environment: string | null;
}

const changesOf = ({ head }: ReadOverlay): Changes => {
  const set = head.value["set"];
  return { set: isPlainMap(set) ? set : {}, source: head.source, from: ["set"] };
};

const tooMany = ({ head }: ReadOverlay, playbook: string): RefusalBody => ({
  code: "too-many-overlays",
  message: `expected at most ${MAX_OVERLAYS} overlays on ${playbook}, found more`,
  where: placeInSource(head.source, ["for"]).where,
  hint: "put some of them together",
});

const apply = (
  overlays: readonly ReadOverlay[],
  { read, name, environment }: Target,
  tally: ReadonlyMap<ReadOverlay, { used: string[]; trees: Tree[] }>,
): { readonly entry: Entry | null; readonly faults: readonly RefusalBody[] } => {
  const fitting = overlays.filter(
    ({ entry: { value } }) =>
      (value.playbook ?? read.head.name) === read.head.name &&
      (value.environment === null || value.environment === environment),
  );
  const last = fitting.at(-1);
  if (last === undefined) return { entry: null, faults: [] };
  if (fitting.length > MAX_OVERLAYS) return { entry: null, faults: [tooMany(last, name)] };
  const layers: Layer[] = [];
  let tree = read.tree;
  for (const one of fitting) {
    const amended = amend(tree, changesOf(one));
    tally.get(one)?.used.push(...amended.used);
    tally.get(one)?.trees.push(tree);
    tree = amended.tree;
    layers.push({ source: one.head.source, tree });
  }
  const result = readTree(read.head, tree, (issues, schema) => faultsIn(layers, issues, schema));
  if (result.entry?.kind !== "Playbook") return { entry: null, faults: result.faults };
  return { entry: { ...result.entry, name, value: { ...result.entry.value, name } }, faults: [] };
};

/** A playbook as one of its overlays leaves it. */
interface Layer {
  readonly source: SourceDocument;
  readonly tree: Tree;
}

/** Each issue is told to the overlay that brought it, which need not be the last one, nor the one
 * in whose words it stands. */
const faultsIn = (
  layers: readonly Layer[],
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
): readonly RefusalBody[] => {
  const top = layers.at(-1);
  if (top === undefined) return [];
  const { tree } = top;
  const seen = layers.map((layer) => {
    const told = layer === top ? issues : (schema.safeParse(layer.tree.value).error?.issues ?? []);
    return new Set(told.map(issueKey));
  });
  const bringerOf = (issue: z.core.$ZodIssue): number =>
    seen.findLastIndex((keys) => !keys.has(issueKey(issue))) + 1;
  return layers.flatMap(({ source }, index) =>
    wordsFor({
      issues: issues.filter((issue) => bringerOf(issue) === index),
      schema,
      tree,
      own: (path) => originOf(tree, path)?.source === source,
      blame: { source, path: ["set"] },
    }),
  );
};

const issueKey = ({ code, path, ...rest }: z.core.$ZodIssue): string => {
  const own: unknown = "params" in rest ? rest.params?.["code"] : "";
  return `${code} ${String(own)} ${pathText(path)}`;
};
