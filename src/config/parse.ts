// Definitions from the text of files: all of them hold together, or all that is wrong is said at
// once.

import type { Definitions } from "../core/playbook.ts";
import { Refusal, type RefusalBody } from "../core/refusal.ts";
import { readEntry, type Entry } from "./entries.ts";
import { readHead, type Head } from "./heads.ts";
import { MAX_FAULTS } from "./issues.ts";
import { normalPath } from "./link-lists.ts";
import { KINDS } from "./kind.ts";
import { linkDefinitions } from "./link.ts";
import { overlay, type ReadOverlay } from "./overlays.ts";
import { checkReferences } from "./references.ts";
import { playbookReader, type ReadPlaybook } from "./reuse.ts";
import { valuePathsIn } from "./value-files.ts";
import { isCalendarFile, readSource, type SourceText } from "./yaml-source.ts";

/** Words, signs, spaces and line ends of all files together, as far as they had to be looked at
 * one by one. */
const MAX_TOTAL_LEXEMES = 600_000;
const MAX_DEFINITIONS = 50_000;

/** Codes of names that nothing is called by. */
const MISSING: ReadonlySet<string> = new Set(
  KINDS.map((kind) => `unknown-${kind.replaceAll(/\B[A-Z]/gu, "-$&").toLowerCase()}`),
);

/** What files say, and what they define. */
interface ReadDefinitions {
  readonly definitions: Definitions;
  /** As they are written, in order. */
  readonly entries: readonly Entry[];
}

/** Of .yaml files, with the .ics files that calendars name and the files of values that
 * configurations name. Throws a Refusal with every fault
 * found, up to 50, in the order of the files. */
export const parseDefinitions = (files: readonly SourceText[]): Definitions =>
  readDefinitions(files).definitions;

/** The same, along with what is written there by kind and name. */
export const readDefinitions = (files: readonly SourceText[]): ReadDefinitions => {
  const read = readHeads(files.filter((file) => !isCalendarFile(file)));
  const faults = [...read.faults];
  if (faults.length > MAX_FAULTS) refuse(faults);
  const { entries, overlays, playbooks, ...wrong } = readEntries(read.heads);
  faults.push(...wrong.faults);
  if (!wrong.complete) refuse(faults);
  faults.push(...checkReferences(entries));
  const uses = entries.flatMap((entry) =>
    entry.kind === "Service" ? entry.value.environments : [],
  );
  const overlaid = overlay(overlays, playbooks, uses);
  faults.push(...overlaid.faults);
  const linked = linkDefinitions(entries, overlaid, files);
  faults.push(...linked.faults);
  // What is missing may stand where nobody could read it.
  refuse(read.faults.length === 0 ? faults : faults.filter(({ code }) => !MISSING.has(code)));
  if (entries.length === 0) {
    throw new Refusal({ code: "no-definitions", message: "expected definitions, found none" });
  }
  return { definitions: linked.definitions, entries };
};

interface ReadHeads {
  readonly heads: readonly Head[];
  readonly faults: readonly RefusalBody[];
}

/** What every file says by itself; files of values say nothing here. */
const readHeads = (files: readonly SourceText[]): ReadHeads => {
  const read: (ReadHeads & { readonly path: string })[] = [];
  let [lexemes, definitions, mistakes] = [0, 0, 0];
  for (const file of files) {
    const source = readSource(file);
    const outcomes = source.documents.map(readHead);
    const heads = outcomes.flatMap((one) => (one.kind === "ok" ? [one.value] : []));
    const wrong = outcomes.flatMap((one) => (one.kind === "ok" ? [] : one.faults));
    const faults = [...source.faults, ...wrong];
    read.push({ path: file.path, heads, faults });
    lexemes += source.lexemes;
    definitions += heads.length;
    // It may be a file of values.
    mistakes += faults.filter(({ code }) => code !== "missing-kind").length;
    const message =
      lexemes > MAX_TOTAL_LEXEMES
        ? `expected at most ${MAX_TOTAL_LEXEMES} words and signs in all, found more`
        : `expected at most ${MAX_DEFINITIONS} definitions, found more`;
    if (lexemes > MAX_TOTAL_LEXEMES || definitions > MAX_DEFINITIONS) {
      const told = read.flatMap((one) => one.faults);
      return { heads: [], faults: [...told, { code: "too-long", message, where: file.path }] };
    }
    if (mistakes > MAX_FAULTS) break;
  }
  const named = valuePathsIn(read.flatMap(({ heads }) => heads));
  const own = read.filter(({ path }) => !named.has(normalPath(path)));
  return {
    heads: own.flatMap(({ heads }) => heads),
    faults: own.flatMap(({ faults }) => faults),
  };
};

/** Of all files, what they define, right or wrong. For whoever shows it, after it was applied. */
export const readEntriesOf = (files: readonly SourceText[]): readonly Entry[] =>
  readEntries(readHeads(files.filter((file) => !isCalendarFile(file))).heads).entries;

interface ReadEntries {
  readonly entries: readonly Entry[];
  readonly overlays: readonly ReadOverlay[];
  readonly playbooks: readonly ReadPlaybook[];
  readonly faults: readonly RefusalBody[];
  /** False: there were too many faults to go on. */
  readonly complete: boolean;
}

const readEntries = (heads: readonly Head[]): ReadEntries => {
  const readPlaybook = playbookReader(heads.filter(({ kind }) => kind === "Playbook"));
  const playbooks: ReadPlaybook[] = [];
  const faults: RefusalBody[] = [];
  const entries: Entry[] = [];
  const overlays: ReadOverlay[] = [];
  let lexemes = 0;
  for (const head of heads) {
    const playbook = head.kind === "Playbook" ? readPlaybook(head) : null;
    if (playbook !== null) playbooks.push(playbook);
    const read = playbook ?? readEntry(head);
    faults.push(...read.faults);
    if (read.entry !== null) entries.push(read.entry);
    if (read.entry?.kind === "Overlay") overlays.push({ head, entry: read.entry });
    lexemes += head.source.lexemes();
    // What was looked at word by word has a fault.
    if (faults.length > MAX_FAULTS || lexemes > MAX_TOTAL_LEXEMES)
      return { entries, overlays, playbooks, faults, complete: false };
  }
  return { entries, overlays, playbooks, faults, complete: true };
};

const refuse = (told: readonly RefusalBody[]): void => {
  const [first, ...others] = distinct(told);
  if (first === undefined) return;
  const kept = others.slice(0, MAX_FAULTS - 1);
  if (kept.length === others.length) throw new Refusal(first, ...others);
  const message = `more is wrong; these are the first ${MAX_FAULTS} mistakes`;
  throw new Refusal(first, ...kept, {
    code: "too-many-mistakes",
    message,
    hint: "mend these and try again",
  });
};

/** What lies under several playbooks is wrong once. */
const distinct = (faults: readonly RefusalBody[]): readonly RefusalBody[] => [
  ...new Map(
    faults.map((fault) => [`${fault.code} ${fault.where ?? ""} ${fault.message}`, fault]),
  ).values(),
];
