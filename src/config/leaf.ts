// How a definition's fields are declared: one zod schema that reads the value, refuses it in words
// for people, and describes itself for the published JSON schema and the reference.

import * as z from "zod";
import type { Parsed } from "../core/units.ts";

/** What is wrong with a value; where it stands is known to whoever reads the document. */
export interface Fault {
  /** Stable, lower-case, dashed. */
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** True: `, found …` is added from the document itself, as it is written there. */
  readonly found?: boolean;
  /** True: what was found would be right in quotes. */
  readonly quote?: boolean;
}

export type Read<T> =
  { readonly kind: "ok"; readonly value: T } | ({ readonly kind: "error" } & Fault);

/** JSON Schema keywords of one value; `title` is its type's name in the reference. */
export interface ValueSchema {
  readonly title: string;
  readonly type: string | readonly string[];
  readonly [keyword: string]: unknown;
}

/** Where a transformation of zod reports what is wrong. */
export type IssueContext = { addIssue(issue: z.core.$ZodSuperRefineIssue): void };

/** Reports a fault; `path` leads on from the value that is being read. */
export const complain = (
  ctx: IssueContext,
  fault: Fault,
  path: readonly (string | number)[] = [],
): void => {
  const { message, ...params } = fault;
  ctx.addIssue({ code: "custom", message, params, path: [...path] });
};

/** A single value. `read` is never called for a missing one. */
export const leaf = <T>(schema: ValueSchema, read: (raw: unknown) => Read<T>) =>
  z
    .unknown()
    .meta(schema)
    .transform((raw, ctx): T => {
      const result: Read<T> = raw === undefined ? missing(schema.title) : read(raw);
      if (result.kind === "ok") return result.value;
      const { kind: _, ...fault } = result;
      complain(ctx, fault);
      return z.NEVER;
    });

const missing = (title: string): Read<never> => ({
  kind: "error",
  code: "missing-key",
  message: `is missing: expected ${article(title)}`,
});

/** `a name`, `an address`; text, and a choice such as `true or false`, have no article. */
export const article = (noun: string): string =>
  noun === "text" || noun.includes(" or ")
    ? noun
    : /^[aeiou]/u.test(noun)
      ? `an ${noun}`
      : `a ${noun}`;

/** A map with these keys and no others. */
export const section = <S extends z.core.$ZodShape>(shape: S): z.ZodObject<S, z.core.$strict> =>
  z.strictObject(shape);

/** zod drops `examples` of values that it transforms, since it cannot know on which side they are;
 * schema.ts turns these into `examples`. */
export const EXAMPLE = "writtenExample";
/** The same with `default`. */
export const DEFAULT = "writtenDefault";

/** With its meaning, and an example as it is written. Put a default on before. */
export const field = <S extends z.ZodType>(schema: S, says: string, example?: unknown): S =>
  schema.meta({ description: says, ...(example === undefined ? {} : { [EXAMPLE]: example }) });

/** A reader from core, under this code. */
export const coded = <T>(code: string, parsed: Parsed<T>): Read<T> =>
  parsed.kind === "ok" ? parsed : { ...parsed, code };

export const refused = (fault: Fault): Read<never> => ({ kind: "error", ...fault });

export const wrongType = (expected: string): Read<never> =>
  refused({ code: "wrong-type", message: `expected ${expected}`, found: true });

/** The same fields, none of them required. */
export const loose = <S extends Readonly<Record<string, z.ZodType>>>(
  shape: S,
): Readonly<Record<keyof S, z.ZodType>> => {
  const optional = (schema: z.ZodType): z.ZodType => {
    if (schema.safeParse(undefined).success) return schema;
    return schema.optional().meta({ ...schema.meta() });
  };
  return Object.fromEntries(
    Object.entries(shape).map(([key, schema]) => [key, optional(schema)]),
  ) as Readonly<Record<keyof S, z.ZodType>>;
};
