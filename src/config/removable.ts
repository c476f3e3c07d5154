// The fields of a map as changes of it are written: none is required, `~` takes one away, and so on
// in the maps within. Lists are written whole, so what is in them is not looked into.

import * as z from "zod";
import { DEFAULT, section } from "./leaf.ts";
import { bare } from "./inside.ts";

type Fields = Readonly<Record<string, z.ZodType>>;

/** Only shapes are read: what comes of the changes is checked as a whole. */
export const removable = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([key, schema]) => [key, orNothing(schema)]));

const orNothing = (schema: z.ZodType): z.ZodType => {
  const usual = schema instanceof z.ZodPrefault ? { [DEFAULT]: schema.def.defaultValue } : {};
  return changesOf(schema)
    .nullable()
    .optional()
    .meta({ ...usual, ...schema.meta() });
};

const changesOf = (schema: z.ZodType): z.ZodType => {
  const plain = bare(schema);
  if (plain instanceof z.ZodObject) return section(removable(plain.shape as Fields));
  if (plain instanceof z.ZodUnion)
    return z.union((plain.options as readonly z.ZodType[]).map(changesOf));
  return schema;
};
