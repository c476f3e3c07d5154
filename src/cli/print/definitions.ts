// Definitions that were checked or applied, in short.

import { DEFINITION_KINDS } from "../../api/contract/definitions.ts";
import type {
  Applied,
  DefinitionNames,
  DefinitionsSummary,
} from "../../api/contract/definitions.ts";
import { counted } from "./amounts.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, padEnd, wrap } from "./width.ts";

export const renderValid = (
  summary: DefinitionsSummary,
  files: number,
  options: PrintOptions,
): string => {
  const paint = paintFor(options.colour);
  const head = `${paint.green("✔")} valid: ${counted(files, "file")}`;
  return [
    head,
    ...nameLines(summary, options, paint),
    ...warningLines(summary, options, paint),
  ].join("\n");
};

/** What can be carried out as it is written, and yet is hardly meant. */
const warningLines = (
  { warnings }: DefinitionsSummary,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  warnings.flatMap(({ where, message, hint }) => {
    const text = where === undefined ? message : `${where}: ${message}`;
    const [first = "", ...rest] = wrap(clean(text), columns - 9);
    return [
      `${paint.yellow("warning:")} ${first}`,
      ...rest.map((line) => `         ${line}`),
      ...(hint === undefined
        ? []
        : wrap(clean(hint), columns - 4).map(
            (line, at) => `  ${at === 0 ? paint.cyan("→") : " "} ${line}`,
          )),
    ];
  });

export const renderApplied = (applied: Applied, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const head = applied.changed
    ? `${paint.green("✔")} applied as version ${applied.version}`
    : `${paint.green("✔")} nothing changed; version ${applied.version} stays`;
  return [
    head,
    ...nameLines(applied, options, paint),
    ...changeLines(applied, options, paint),
    ...warningLines(applied, options, paint),
  ].join("\n");
};

/** More of one kind are counted. */
const MAX_NAMES = 100;

/** Of every kind that there is. */
const nameLines = (
  summary: DefinitionsSummary,
  options: PrintOptions,
  paint: Paint,
): readonly string[] =>
  DEFINITION_KINDS.flatMap((kind) =>
    summary[kind].length === 0
      ? []
      : listLines(WORDS[kind], summary[kind], options, (text) => paint.dim(text)),
  );

const WORDS: Readonly<Record<keyof DefinitionNames, string>> = {
  services: "services",
  environments: "environments",
  playbooks: "playbooks",
  overlays: "overlays",
  configurations: "configurations",
  calendars: "calendars",
  checklists: "checklists",
  groups: "groups",
  rollouts: "rollouts",
  trains: "trains",
  databases: "databases",
  blobStores: "blob stores",
};

/** What the control plane carries out otherwise from now on. */
const changeLines = (
  { added, updated, retired }: Applied,
  options: PrintOptions,
  paint: Paint,
): readonly string[] =>
  [
    { word: "added", names: added, colour: paint.green },
    { word: "updated", names: updated, colour: paint.cyan },
    { word: "retired", names: retired, colour: paint.yellow },
  ].flatMap(({ word, names, colour }) =>
    names.length === 0 ? [] : listLines(word, names, options, colour),
  );

const listLines = (
  word: string,
  names: readonly string[],
  { columns }: PrintOptions,
  colour: (text: string) => string,
): readonly string[] => {
  const more = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(", ");
  const text = more > 0 ? `${shown} and ${more} more` : shown;
  return wrap(clean(text), columns - 18).map(
    (line, at) => `  ${colour(padEnd(at === 0 ? word : "", 14))}  ${line}`,
  );
};
