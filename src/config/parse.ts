// Definitions from the text of files: all of them hold together, or all that is wrong is said at
// once.

import type { Definitions } from "../core/playbook.ts";
import { Refusal, type RefusalBody } from "../core/refusal.ts";
import { MAX_FAULTS, readEntry, type Entry } from "./entries.ts";
import { checkReferences } from "./references.ts";
import { readSource, type SourceText } from "./yaml-source.ts";

/** Words, signs, spaces and line ends of all files together. */
const MAX_TOTAL_LEXEMES = 600_000;

/** Throws a Refusal with every fault found, up to 50, in the order of the files. */
export const parseDefinitions = (files: readonly SourceText[]): Definitions => {
  const faults: RefusalBody[] = [];
  const entries: Entry[] = [];
  let lexemes = 0;
  for (const file of files) {
    const source = readSource(file);
    lexemes += source.lexemes;
    faults.push(...source.faults);
    for (const document of source.documents) {
      const read = readEntry(document);
      faults.push(...read.faults);
      if (read.entry !== null) entries.push(read.entry);
    }
    if (lexemes > MAX_TOTAL_LEXEMES) {
      const message = `expected at most ${MAX_TOTAL_LEXEMES} words and signs in all, found more`;
      faults.push({ code: "too-long", message, where: file.path });
    }
    if (lexemes > MAX_TOTAL_LEXEMES || faults.length > MAX_FAULTS) break;
  }
  if (faults.length <= MAX_FAULTS) faults.push(...checkReferences(entries));
  refuse(faults);
  if (entries.length === 0) {
    throw new Refusal({ code: "no-definitions", message: "expected definitions, found none" });
  }
  return definitionsOf(entries);
};

const refuse = (faults: readonly RefusalBody[]): void => {
  const [first, ...others] = faults;
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

const definitionsOf = (entries: readonly Entry[]): Definitions => ({
  services: entries.flatMap((entry) => (entry.kind === "Service" ? [entry.value] : [])),
  environments: entries.flatMap((entry) => (entry.kind === "Environment" ? [entry.value] : [])),
  playbooks: entries.flatMap((entry) => (entry.kind === "Playbook" ? [entry.value] : [])),
});
