// Items that are told apart by their one key: `- canary: …`, `- weekly: …`.

import { complain, type IssueContext } from "./leaf.ts";

export interface Chosen<T> {
  readonly key: string;
  readonly value: T;
}

/** The key that is there, and its value. Null: none or several are, which was told. */
export const onlyOne = <T>(
  raw: Readonly<Record<string, T | undefined>>,
  known: readonly string[],
  ctx: IssueContext,
  severalHint = "write them as separate list items",
): Chosen<T> | null => {
  const present = known.flatMap((key): readonly Chosen<T>[] => {
    const value = raw[key];
    return value === undefined ? [] : [{ key, value }];
  });
  const [first] = present;
  if (first !== undefined && present.length === 1) return first;
  const found = first === undefined ? "an empty map" : present.map(({ key }) => key).join(" and ");
  const hint = first === undefined ? `known here: ${known.join(", ")}` : severalHint;
  complain(ctx, { code: "one-of", message: `expected one key in this item, found ${found}`, hint });
  return null;
};
