// What a schema expects at a place within it: the keys of the map there, or which of two forms.

import type * as z from "zod";
import type { Path } from "./place.ts";

type Schema = z.core.$ZodType;

/** Of the map that the path leads to; of a value and a map to choose from, those of the map. Empty
 * where there is no such map. */
export const keysAt = (schema: Schema, path: Path): readonly string[] => {
  const there = schemaAt(schema, path);
  const map = there === null ? null : asMap(there);
  return map === null ? [] : Object.keys(map.shape);
};

/** Where the path leads to a choice: the index of its map, or of its option that is none. */
export const optionAt = (schema: Schema, path: Path, isMap: boolean): number => {
  const there = schemaAt(schema, path);
  const def = there === null ? null : defOf(bare(there));
  if (def?.type !== "union") return 0;
  return Math.max(
    0,
    def.options.findIndex((option) => (asMap(option) !== null) === isMap),
  );
};

const schemaAt = (schema: Schema, path: Path): Schema | null =>
  path.reduce<Schema | null>((part, key) => (part === null ? null : within(part, key)), schema);

const within = (schema: Schema, key: PropertyKey): Schema | null => {
  const map = asMap(schema);
  if (map !== null) return Object.hasOwn(map.shape, key) ? (map.shape[String(key)] ?? null) : null;
  const def = defOf(bare(schema));
  if (def.type === "array") return def.element;
  return def.type === "record" ? def.valueType : null;
};

const asMap = (schema: Schema): z.core.$ZodObjectDef | null => {
  const def = defOf(bare(schema));
  if (def.type === "object") return def;
  if (def.type !== "union") return null;
  return def.options.map(asMap).find((option) => option !== null) ?? null;
};

/** Without defaults and transformations around it. */
export const bare = (schema: Schema): Schema => {
  const def = defOf(schema);
  if (def.type === "pipe") return bare(def.in);
  return def.type === "optional" || def.type === "nullable" || def.type === "prefault"
    ? bare(def.innerType)
    : schema;
};

const defOf = (schema: Schema): z.core.$ZodTypes["_zod"]["def"] =>
  // zod's public name for what a schema is made of: https://zod.dev/library-authors
  // oxlint-disable-next-line no-underscore-dangle
  (schema as z.core.$ZodTypes)._zod.def;
