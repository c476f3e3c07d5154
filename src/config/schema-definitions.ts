// The published schema without its repetitions: what several places have alike stands once, among
// its definitions.

import { canonicalJson } from "../core/canonical-json.ts";
import type { JsonSchema } from "./json-schema.ts";

interface Hoisted {
  readonly schemas: readonly JsonSchema[];
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** Shorter ones are easier to read where they stand. */
const MIN_HOISTED = 300;

/** Maps that occur more than once are written once, under the first key that has them. */
export const hoisted = (schemas: readonly JsonSchema[]): Hoisted => {
  const counts = new Map<string, number>();
  const count = (schema: JsonSchema): JsonSchema => {
    if (schema.properties !== undefined) {
      const text = canonicalJson(bare(schema));
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    return within(schema, count);
  };
  schemas.forEach((schema) => within(schema, count));
  const names = new Map<string, string>();
  const definitions: Record<string, JsonSchema> = {};
  const hoist = (schema: JsonSchema, key: string): JsonSchema => {
    const text = schema.properties === undefined ? "" : canonicalJson(bare(schema));
    if (text.length < MIN_HOISTED || (counts.get(text) ?? 0) < 2) return within(schema, hoist, key);
    const known = names.get(text);
    const name = known ?? unusedName(key, definitions);
    if (known === undefined) {
      names.set(text, name);
      definitions[name] = {};
      definitions[name] = within(bare(schema), hoist, key);
    }
    const { description, default: fallback } = schema;
    return {
      ...(description === undefined ? {} : { description }),
      ...(fallback === undefined ? {} : { default: fallback }),
      allOf: [{ $ref: `#/definitions/${name}` }],
    };
  };
  return { schemas: schemas.map((schema) => within(schema, hoist)), definitions };
};

/** Without what belongs to the place rather than to the map. */
const bare = (schema: JsonSchema): JsonSchema => {
  const { description: _, default: __, ...rest } = schema;
  return rest;
};

const unusedName = (key: string, taken: Readonly<Record<string, unknown>>): string => {
  let name = key;
  for (let number = 2; Object.hasOwn(taken, name); number += 1) name = `${key}${number}`;
  return name;
};

/** With each schema directly within it replaced; the key that leads there is that of the field. */
const within = (
  schema: JsonSchema,
  replace: (part: JsonSchema, key: string) => JsonSchema,
  key = "item",
): JsonSchema => {
  const { properties, items, additionalProperties: entries, anyOf } = schema;
  const fields = Object.entries(properties ?? {}).map(
    ([name, part]) => [name, replace(part, name)] as const,
  );
  return {
    ...schema,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
    ...(items === undefined ? {} : { items: replace(items, key) }),
    ...(typeof entries === "object" ? { additionalProperties: replace(entries, key) } : {}),
    ...(anyOf === undefined ? {} : { anyOf: anyOf.map((part) => replace(part, key)) }),
  };
};
