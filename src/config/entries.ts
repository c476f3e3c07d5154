// One definition, or everything that is wrong with it.

import type * as z from "zod";
import type { BlobStore } from "../core/backup/database.ts";
import type { Checklist } from "../core/admission/rule.ts";
import type { Group } from "../core/playbook.ts";
import type { RefusalBody } from "../core/refusal.ts";
import { namedSteps } from "./amend.ts";
import { blobStore } from "./blob-store.ts";
import { calendar, type WrittenCalendar } from "./calendar.ts";
import { checklist } from "./checklist.ts";
import { database, type WrittenDatabase } from "./database.ts";
import { configuration, type WrittenConfiguration } from "./configuration.ts";
import { environment, type WrittenEnvironment } from "./environment.ts";
import { group } from "./group.ts";
import type { Head } from "./heads.ts";
import { bodiesOf } from "./issues.ts";
import type { Kind } from "./kind.ts";
import { overlay, type Overlay } from "./overlay.ts";
import { pathText, type Path } from "./place.ts";
import { playbook, type WrittenPlaybook } from "./playbook.ts";
import { rollout, type WrittenRollout } from "./rollout.ts";
import { service, type WrittenService } from "./service.ts";
import { train, type WrittenTrain } from "./train.ts";
import { trapBodies, trapsOf } from "./traps.ts";
import { placeIn, treeOf, type Tree } from "./tree.ts";

interface EntryHead {
  readonly name: string;
  /** The file that it stands in. */
  readonly file: string;
  /** `file:line path` of something in it. */
  where(path: Path): string;
  /** Of a playbook: the path of the step of this name. */
  step(name: string): Path | undefined;
}

/** What each kind is once it is read, with names in place of what they name. */
interface Values {
  readonly Service: WrittenService;
  readonly Environment: WrittenEnvironment;
  readonly Playbook: WrittenPlaybook;
  readonly Overlay: Overlay;
  readonly Configuration: WrittenConfiguration;
  readonly Calendar: WrittenCalendar;
  readonly Checklist: Checklist;
  readonly Group: Group;
  readonly Rollout: WrittenRollout;
  readonly Train: WrittenTrain;
  readonly Database: WrittenDatabase;
  readonly BlobStore: BlobStore;
}

export type Entry = EntryHead &
  (
    | { readonly [K in Kind]: { readonly kind: K; readonly value: Values[K] } }[Kind]
    /** There, but wrong: its name is known, so that nobody is told that it is missing. */
    | { readonly kind: "broken"; readonly was: Kind; readonly value: null }
  );

export type EntryOf<K extends Entry["kind"]> = Extract<Entry, { kind: K }>;

export interface ReadEntry {
  /** Null where not even its name could be read. */
  readonly entry: Entry | null;
  readonly faults: readonly RefusalBody[];
}

const SHAPES: { readonly [K in Kind]: z.ZodType<Values[K]> } = {
  Service: service(),
  Environment: environment(),
  Playbook: playbook(),
  Overlay: overlay(),
  Configuration: configuration(),
  Calendar: calendar(),
  Checklist: checklist(),
  Group: group(),
  Rollout: rollout(),
  Train: train(),
  Database: database(),
  BlobStore: blobStore(),
};

/** One that is written in its own document alone. */
export const readEntry = (head: Head): ReadEntry => {
  const tree = treeOf(head.source, head.value);
  const schema = SHAPES[head.kind];
  const parsed = schema.safeParse(tree.value);
  const faults = ownFaults(head, schema, parsed);
  if (faults.length > 0 || !parsed.success) return { entry: brokenEntry(head, tree), faults };
  return { entry: entryOf(head, tree, parsed.data), faults };
};

/** A playbook that is put together, checked as one. `faultsOf` puts its issues into words. */
export const readTree = (
  head: Head,
  tree: Tree,
  faultsOf: (issues: readonly z.core.$ZodIssue[], schema: z.ZodType) => readonly RefusalBody[],
): ReadEntry => {
  const schema = SHAPES.Playbook;
  const parsed = schema.safeParse(tree.value);
  if (parsed.success) return { entry: entryOf(head, tree, parsed.data), faults: [] };
  return { entry: brokenEntry(head, tree), faults: faultsOf(parsed.error.issues, schema) };
};

const entryOf = (head: Head, tree: Tree, value: unknown): Entry =>
  ({ ...entryHead(head, tree), kind: head.kind, value }) as Entry;

export const brokenEntry = (head: Head, tree: Tree): Entry | null =>
  head.name === ""
    ? null
    : { ...entryHead(head, tree), kind: "broken", was: head.kind, value: null };

const entryHead = ({ name, source }: Head, tree: Tree): EntryHead => ({
  name,
  file: source.path,
  where: (path) => placeIn(tree, path).where,
  step: (step) => namedSteps(tree).get(step),
});

/** What is wrong with a document by itself: where it is plain and right, nothing is looked at. */
export const ownFaults = (
  { source, value }: Pick<Head, "source"> & { readonly value: unknown },
  schema: z.ZodType,
  parsed: z.ZodSafeParseResult<unknown>,
): readonly RefusalBody[] => {
  if (parsed.success && source.plain !== null) return [];
  const whole = source.whole();
  if (whole.kind === "refused") return [whole.fault];
  const traps = trapsOf(whole.document);
  const trapped = new Set(traps.map(({ path }) => pathText(path)));
  const issues = (parsed.error?.issues ?? []).filter(({ path }) => !trapped.has(pathText(path)));
  const tree = treeOf(source, value);
  const bodies = bodiesOf(issues, { place: (path) => placeIn(tree, path), schema });
  return byLine([...trapBodies(whole.document, traps), ...bodies], source.path);
};

/** As they stand in the file. */
const byLine = (faults: readonly RefusalBody[], path: string): readonly RefusalBody[] => {
  const line = ({ where = "" }: RefusalBody): number =>
    Number.parseInt(where.slice(path.length + 1), 10);
  return faults.toSorted((a, b) => line(a) - line(b));
};
