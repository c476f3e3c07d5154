// A service's configuration explained: each key with its value, where that is written, and what it
// is stronger than.

import type {
  ConfigValue,
  ConfigurationKey,
  ConfigurationView,
  SaidView,
  SecretState,
} from "../../api/contract/configuration.ts";
import { paintFor } from "./paint.ts";
import type { Paint, PrintOptions } from "./paint.ts";
import { clean, cut, wrap } from "./width.ts";

const PARTS = [
  ["value", "Values"],
  ["variable", "Variables"],
  ["env", "Environment"],
] as const satisfies readonly (readonly [ConfigurationKey["part"], string])[];

export const renderConfiguration = (view: ConfigurationView, options: PrintOptions): string => {
  const paint = paintFor(options.colour);
  const of = view.configuration === null ? "" : `, configuration ${view.configuration}`;
  const head = paint.bold(clean(`${view.service} in ${view.environment}${of}`));
  const parts = PARTS.flatMap(([part, title]) => {
    const keys = view.keys.filter((one) => one.part === part);
    if (keys.length === 0) return [];
    return [
      [paint.bold(title), ...keys.flatMap((one) => keyLines(one, options, paint))].join("\n"),
    ];
  });
  const missing = missingLines(view, options, paint);
  const nothing = parts.length === 0 ? [paint.dim("It gets nothing from definitions.")] : [];
  return [head, ...parts, ...nothing, ...(missing === "" ? [] : [missing])].join("\n\n");
};

const keyLines = (
  { key, value, said, secrets }: ConfigurationKey,
  { columns }: PrintOptions,
  paint: Paint,
): readonly string[] => {
  const marks = secrets.map(({ state }) =>
    state === "resolved" ? paint.green("(resolved)") : paint.red(`(${state})`),
  );
  const room = columns - key.length - 6 - secrets.length * 13;
  const shown = cut(clean(textOf(value)), Math.max(16, room));
  const first = [`  ${paint.bold(clean(key))} = ${shown}`, ...marks].join(" ");
  const [counts, ...weaker] = said;
  if (counts === undefined) return [first, paint.dim("      always there")];
  return [
    first,
    ...saidLines(
      textOf(counts.written) === textOf(value) ? "" : asWritten(counts),
      counts,
      columns,
      paint,
    ),
    ...weaker.flatMap((one) =>
      saidLines(`overrides ${textOf(one.written)} of `, one, columns, paint),
    ),
  ];
};

const saidLines = (
  before: string,
  { by, where }: SaidView,
  columns: number,
  paint: Paint,
): readonly string[] =>
  wrap(clean(`${before}${by}, ${where}`), columns - 6).map((line) => paint.dim(`      ${line}`));

const asWritten = ({ written }: SaidView): string => `written ${textOf(written)}, `;

/** A reference that stands alone is shown as it is written. */
const textOf = (value: ConfigValue): string =>
  typeof value === "string"
    ? value.replace(/^\$\{(secret:[^}]*)\}$/u, "$1")
    : JSON.stringify(value);

const missingLines = (view: ConfigurationView, { columns }: PrintOptions, paint: Paint): string => {
  const states = new Map<string, SecretState>();
  for (const one of view.keys.flatMap(({ secrets }) => secrets)) states.set(one.reference, one);
  return [...states.values()]
    .filter(({ state }) => state !== "resolved")
    .flatMap(({ reference, why }) =>
      wrap(clean(`${reference}: ${why ?? ""}`), columns - 2).map((line, index) =>
        index === 0 ? `${paint.red("✗")} ${line}` : `  ${line}`,
      ),
    )
    .join("\n");
};
