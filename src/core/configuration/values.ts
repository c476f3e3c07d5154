// What a configuration holds: a tree of values. Texts in it may name secrets (secrets/template.ts).

export type ConfigScalar = string | number | boolean | null;
export type ConfigValue = ConfigScalar | readonly ConfigValue[] | ConfigMap;
export interface ConfigMap {
  readonly [key: string]: ConfigValue;
}

/** Keys and, within lists, positions. */
export type ConfigPath = readonly (string | number)[];

export const isConfigMap = (value: ConfigValue | undefined): value is ConfigMap =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Undefined: there is nothing. */
export const valueAt = (values: ConfigMap, path: readonly string[]): ConfigValue | undefined =>
  path.reduce<ConfigValue | undefined>(
    (value, key) => (isConfigMap(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    values,
  );

export interface Leaf {
  readonly path: readonly string[];
  readonly value: ConfigValue;
}

/** What is not a map, or is an empty one; in order. Lists are one value: they are replaced whole.
 * */
export const leavesOf = (values: ConfigMap, base: readonly string[] = []): readonly Leaf[] =>
  Object.entries(values).flatMap(([key, value]) => {
    const path = [...base, key];
    if (!isConfigMap(value) || Object.keys(value).length === 0) return [{ path, value }];
    return leavesOf(value, path);
  });

/** The same tree with every text in it exchanged. */
export const mapTexts = (
  value: ConfigValue,
  change: (text: string, path: ConfigPath) => ConfigValue,
  path: ConfigPath = [],
): ConfigValue => {
  if (typeof value === "string") return change(value, path);
  if (Array.isArray(value)) {
    return (value as readonly ConfigValue[]).map((one, i) => mapTexts(one, change, [...path, i]));
  }
  if (!isConfigMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapTexts(one, change, [...path, key])]),
  );
};

/** Every text under its path, so that they can be resolved together. */
export const textsIn = (value: ConfigValue): Readonly<Record<string, string>> => {
  const texts = new Map<string, string>();
  mapTexts(value, (text, path) => {
    texts.set(JSON.stringify(path), text);
    return text;
  });
  return Object.fromEntries(texts);
};

/** With the texts of textsIn() exchanged for these. */
export const withTexts = (
  value: ConfigValue,
  texts: Readonly<Record<string, string>>,
): ConfigValue => mapTexts(value, (text, path) => texts[JSON.stringify(path)] ?? text);
