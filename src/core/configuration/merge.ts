// Layers of a configuration put on each other: maps are merged, all else is replaced. What a strict
// layer sets must be known below it, so that a mistyped key is an error and not a second key.

import { isConfigMap } from "./values.ts";
import type { ConfigMap, ConfigValue } from "./values.ts";

export interface Layer {
  readonly values: ConfigMap;
  /** True: it only changes what is there. An empty map, or null, takes anything. */
  readonly strict: boolean;
}

export interface MergeFault {
  /** Which of the layers. */
  readonly layer: number;
  readonly path: readonly string[];
  readonly what:
    | { readonly kind: "unknown-key"; readonly known: readonly string[] }
    /** A map where there was none, or the other way round. */
    | { readonly kind: "other-shape"; readonly expected: "a map" | "no map" };
}

export interface Merged {
  readonly values: ConfigMap;
  readonly faults: readonly MergeFault[];
}

/** From the weakest to the strongest. */
export const mergeLayers = (layers: readonly Layer[]): Merged => {
  const faults: MergeFault[] = [];
  const values = layers.reduce<ConfigMap>((below, { values: over, strict }, layer) => {
    const tell = (path: readonly string[], what: MergeFault["what"]): void =>
      void faults.push({ layer, path, what });
    return mergedMaps(below, over, [], strict ? tell : null);
  }, {});
  return { values, faults };
};

/** Null: it may say anything. */
type Tell = ((path: readonly string[], what: MergeFault["what"]) => void) | null;

const mergedMaps = (
  below: ConfigMap,
  over: ConfigMap,
  path: readonly string[],
  tell: Tell,
): ConfigMap => {
  const known = Object.keys(below);
  const result = new Map<string, ConfigValue>(Object.entries(below));
  for (const [key, value] of Object.entries(over)) {
    const here = [...path, key];
    const was = Object.hasOwn(below, key) ? below[key] : undefined;
    if (was === undefined && known.length > 0) tell?.(here, { kind: "unknown-key", known });
    result.set(key, mergedValues(was, value, here, tell));
  }
  return Object.fromEntries(result);
};

const mergedValues = (
  was: ConfigValue | undefined,
  value: ConfigValue,
  path: readonly string[],
  tell: Tell,
): ConfigValue => {
  if (was === undefined || was === null || value === null) return value;
  if (isConfigMap(was) && isConfigMap(value)) return mergedMaps(was, value, path, tell);
  if (isConfigMap(was)) tell?.(path, { kind: "other-shape", expected: "a map" });
  else if (isConfigMap(value)) tell?.(path, { kind: "other-shape", expected: "no map" });
  return value;
};
