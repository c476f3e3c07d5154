// A configuration in one environment: its layers with the places of what they say, put on each
// other, variables put in. What is planned and what `sluice config explain` shows both come from
// here.

import { mergeLayers } from "../core/configuration/merge.ts";
import type { Layer, MergeFault } from "../core/configuration/merge.ts";
import { resolveVariables, substituted } from "../core/configuration/substitute.ts";
import type { Variables } from "../core/configuration/substitute.ts";
import { isConfigMap, valueAt } from "../core/configuration/values.ts";
import type { ConfigMap, ConfigPath, ConfigScalar } from "../core/configuration/values.ts";
import { didYouMean } from "../core/closest.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { WrittenLayer } from "./configuration.ts";
import type { EntryOf } from "./entries.ts";
import type { Tell } from "./names.ts";
import { pathText } from "./place.ts";
import type { ValueFiles } from "./value-files.ts";

export interface PlacedLayer extends Layer {
  /** `every environment`, or the environment's name. */
  readonly of: string;
  where(path: ConfigPath): string;
}

export interface PlacedVariable {
  readonly name: string;
  readonly of: string;
  readonly written: ConfigScalar;
  readonly where: string;
}

/** A configuration in one environment. */
export interface Layered {
  /** From the weakest to the strongest. */
  readonly layers: readonly PlacedLayer[];
  /** Weak ones before those that are stronger. */
  readonly placed: readonly PlacedVariable[];
  readonly variables: Variables;
  readonly values: ConfigMap;
}

export interface Around {
  readonly service: string;
  readonly environment: string;
}

const EVERYWHERE = "every environment";

/** What a definition can always use. */
export const ownVariables = ({ service, environment }: Around): Variables =>
  new Map([
    ["SLUICE_SERVICE", service],
    ["SLUICE_ENVIRONMENT", environment],
  ]);

export const layered = (
  entry: EntryOf<"Configuration">,
  around: Around,
  files: ValueFiles,
  tell: Tell,
): Layered => {
  const { base, environments } = entry.value;
  const { environment } = around;
  const own = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
  const parts: readonly Part[] = [
    { layer: base, at: [], of: EVERYWHERE, strict: false },
    ...(own === undefined
      ? []
      : [{ layer: own, at: ["environments", environment], of: environment, strict: true }]),
  ];
  const layers = parts.flatMap((part) => layersOf(part, entry, files, tell));
  const merged = mergeLayers(layers);
  for (const fault of merged.faults) tell(() => mergeBody(fault, layers));
  const placed = parts.flatMap((part) => variablesOf(part, entry));
  const written = new Map([
    ...ownVariables(around),
    ...placed.map((one) => [one.name, one.written] as const),
  ]);
  const { variables, faults } = resolveVariables(written);
  for (const { name, fault } of faults) {
    const where = placed.findLast((one) => one.name === name)?.where ?? entry.where([]);
    tell(() => ({ ...fault, where }));
  }
  const filled = substituted(merged.values, variables);
  for (const { path, fault } of filled.faults) {
    tell(() => ({ ...fault, where: originOf(layers, path)?.where(path) ?? entry.where([]) }));
  }
  return { layers, placed, variables, values: isConfigMap(filled.value) ? filled.value : {} };
};

interface Part {
  readonly layer: WrittenLayer;
  readonly at: readonly string[];
  readonly of: string;
  readonly strict: boolean;
}

const layersOf = (
  { layer, at, of, strict }: Part,
  entry: EntryOf<"Configuration">,
  files: ValueFiles,
  tell: Tell,
): readonly PlacedLayer[] => {
  const where = (path: ConfigPath): string => entry.where([...at, ...path]);
  const file =
    layer.file === null ? null : files.get(layer.file, entry.file, () => where(["file"]), tell);
  return [
    ...(file === null ? [] : [{ of, strict, values: file.values, where: file.where }]),
    { of, strict, values: layer.values, where: (path) => where(["values", ...path]) },
  ];
};

const variablesOf = (
  { layer, at, of }: Part,
  entry: EntryOf<"Configuration">,
): readonly PlacedVariable[] =>
  Object.entries(layer.variables).map(([name, written]) => ({
    name,
    of,
    written,
    where: entry.where([...at, "variables", name]),
  }));

/** The strongest layer that says something there. */
const originOf = (layers: readonly PlacedLayer[], path: ConfigPath): PlacedLayer | null =>
  layers.findLast((layer) => valueAt(layer.values, keysOf(path)) !== undefined) ?? null;

/** As far as there are keys: lists are one value. */
const keysOf = (path: ConfigPath): readonly string[] => {
  const index = path.findIndex((key) => typeof key === "number");
  return (index < 0 ? path : path.slice(0, index)).map(String);
};

const mergeBody = (
  { layer, path, what }: MergeFault,
  layers: readonly PlacedLayer[],
): RefusalBody => {
  const placed = layers[layer];
  const where = placed?.where(path) ?? "";
  if (what.kind === "unknown-key") {
    const key = pathText(path);
    const message = `${key} is not there for every environment, so nothing can change it`;
    return { code: "unknown-key", message, where, hint: didYouMean(path.at(-1) ?? "", what.known) };
  }
  const below = originOf(layers.slice(0, layer), path)?.where(path) ?? "";
  const message = `expected ${what.expected} for ${pathText(path)}, as at ${below}`;
  return { code: "wrong-type", message, where };
};
