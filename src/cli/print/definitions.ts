// Definitions that were checked or applied, in short.

import type { Applied, DefinitionsSummary } from "../../api/contract/definitions.ts";
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
    ...warningLines(applied, options, paint),
  ].join("\n");
};

const nameLines = (
  summary: DefinitionsSummary,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] =>
  [
    ["services", summary.services] as const,
    ["environments", summary.environments] as const,
    ["playbooks", summary.playbooks] as const,
  ].flatMap(([kind, names]) =>
    wrap(clean(names.length === 0 ? "–" : names.join(", ")), columns - 16).map(
      (line, i) => `  ${paint.dim(padEnd(i === 0 ? kind : "", 12))}  ${line}`,
    ),
  );
