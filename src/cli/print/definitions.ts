// Definitions that were checked or applied, in short.

import type { Applied, DefinitionsSummary } from "../../api/contract.ts";
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
  return [head, ...nameLines(summary, options, paint)].join("\n");
};

export const renderApplied = (applied: Applied, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const head = applied.changed
    ? `${paint.green("✔")} applied as version ${applied.version}`
    : `${paint.green("✔")} nothing changed; version ${applied.version} stays`;
  return [head, ...nameLines(applied, options, paint)].join("\n");
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
