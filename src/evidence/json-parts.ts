// Parts of a parsed report, checked one at a time: a list of a million wrong entries gives one
// refusal, not a million of them.

import { z } from "zod";
import { cleanText } from "./clean-text.ts";
import type { Source } from "./report.ts";
import { reportRefusal } from "./report-refusal.ts";

/** No count and no time of a report is larger. */
const MAX_AMOUNT = 1e12;
const AMOUNT = `expected a number from 0 to ${MAX_AMOUNT}`;

/** Counts and times. */
export const amount = z.number(AMOUNT).min(0, AMOUNT).max(MAX_AMOUNT, AMOUNT);
const RATE = "expected a number from 0 to 1";
export const rate = z.number(RATE).min(0, RATE).max(1, RATE);
/** Not checked here; the reader goes through it entry by entry. Absent and null mean none, as Go
 * writes its empty lists. */
export const list = z.array(z.unknown(), "expected a list").nullish();
export const text = z.string("expected a text");

/** Where a part stands: `Results[0]`; the whole is "". */
export interface PartOf {
  readonly source: Source;
  readonly path: string;
}

export const under = ({ source, path }: PartOf, key: string | number): PartOf => {
  const step = typeof key === "number" ? `[${key}]` : path === "" ? key : `.${key}`;
  return { source, path: `${path}${step}` };
};

/** How messages begin where a number is expected, those of zod among them. */
const NUMBERS = /^(?:Invalid input: )?expected (?:a number|a whole number|a score|number|int)/u;

/** The part as its schema has it, or a refusal with its place. */
export const parsePart = <T>(schema: z.ZodType<T>, value: unknown, of: PartOf): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = (issue?.path ?? []).map((key) => (typeof key === "number" ? key : String(key)));
  const place = path.reduce<PartOf>(under, of);
  const found = path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );
  throw reportRefusal(
    NUMBERS.test(issue?.message ?? "") ? "report-bad-number" : "report-bad-shape",
    of.source,
    place.path,
    {
      message: `${expectedBy(issue?.message ?? "")}, found ${shown(found)}`,
      hint: "attach the report as its tool wrote it",
    },
  );
};

/** zod's own words begin with what it thinks of it and end with what it found. */
const expectedBy = (message: string): string =>
  message.replace("Invalid input: ", "").replace(/, received .*$/u, "");

const shown = (value: unknown): string => {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return JSON.stringify(typeof value === "string" ? cleanText(value, 40) : value);
};

/** Each entry of a list, with its place. */
export const eachOf = (
  entries: readonly unknown[] | null | undefined,
  of: PartOf,
  take: (entry: unknown, of: PartOf) => void,
): void => entries?.forEach((entry, index) => take(entry, under(of, index)));

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
