// Values of evidence as people write them, in conditions and in the plain form of a report: `83%`,
// `180ms`, `1.2s`, `42`, `yes`. Which units a name takes is decided here.

import { assertNever } from "../ids.ts";
import { formatMeasure, quoted, type Parsed } from "../units.ts";
import type { EvidenceValue } from "./evidence.ts";
import { unitOf, type ValueUnit } from "./value-names.ts";

/** Larger values are slips. Up to here six digits behind the point are exact in a double. */
const MAX_VALUE = 1e9;

const EXAMPLES: Readonly<Record<ValueUnit, string>> = {
  percent: "83% or 99.5%",
  ms: "200ms or 1.5s",
  count: "3",
  claim: "yes or no",
};

const KINDS: Readonly<Record<ValueUnit, string>> = {
  percent: "a share",
  ms: "a time",
  count: "a number",
  claim: "a claim",
};

const ANY_KIND = "a percentage, a time, a number, yes or no";

/** A value of that name, in the unit that the name is kept in where it is a known one. */
export const parseEvidenceValue = (name: string, text: string): Parsed<EvidenceValue> => {
  const expected = unitOf(name);
  const trimmed = text.trim();
  if (trimmed === "yes" || trimmed === "no") {
    return inUnit({ name, expected, text: trimmed }, { unit: "claim", value: trimmed === "yes" });
  }
  const match = /^(\d{1,16}(?:\.\d{1,16})?)\s*(%|[A-Za-z]{1,12})?$/u.exec(trimmed);
  if (match === null) {
    const wanted = expected === null ? ANY_KIND : KINDS[expected];
    const hint = expected === null ? "83%, 200ms, 3 or yes" : EXAMPLES[expected];
    return bad(`expected ${wanted}, found ${quoted(text)}`, `write it like ${hint}`);
  }
  const [, amount = "", sign = ""] = match;
  const read = withUnit(Number(amount), sign);
  if (read === null) {
    return bad(`unknown unit ${quoted(sign)} behind ${amount}`, "units are %, ms and s");
  }
  if (read.value > MAX_VALUE) return bad(`${quoted(trimmed)} is too large`, `at most ${MAX_VALUE}`);
  if (read.unit === "percent" && read.value > 100) {
    return bad(`expected at most 100%, found ${quoted(trimmed)}`, "shares are from 0% to 100%");
  }
  return inUnit({ name, expected, text: trimmed }, read);
};

/** In the unit's own size, to six digits behind the point; null: no such unit. */
const withUnit = (
  amount: number,
  sign: string,
): { readonly unit: "percent" | "ms" | "count"; readonly value: number } | null => {
  const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;
  if (sign === "") return { unit: "count", value: rounded(amount) };
  if (sign === "%") return { unit: "percent", value: rounded(amount) };
  if (sign === "ms") return { unit: "ms", value: rounded(amount) };
  return sign === "s" ? { unit: "ms", value: rounded(amount * 1000) } : null;
};

const inUnit = (
  asked: { readonly name: string; readonly expected: ValueUnit | null; readonly text: string },
  value: EvidenceValue,
): Parsed<EvidenceValue> => {
  if (asked.expected === null || asked.expected === value.unit) return { kind: "ok", value };
  const message = `${asked.name} is ${KINDS[asked.expected]}: expected it like ${
    EXAMPLES[asked.expected]
  }, found ${quoted(asked.text)}`;
  const meant = { percent: `${asked.text}%`, ms: `${asked.text}ms`, count: null, claim: null };
  const written = value.unit === "count" ? meant[asked.expected] : null;
  return bad(message, `write ${written ?? EXAMPLES[asked.expected]}`);
};

const bad = (message: string, hint: string): Parsed<never> => ({ kind: "error", message, hint });

/** For people: `83.5 %`, `180 ms`, `3`, `yes`. */
export const evidenceValueText = (value: EvidenceValue): string => {
  switch (value.unit) {
    case "percent":
    case "ms":
    case "count":
      return formatMeasure(value.value, value.unit);
    case "claim":
      return value.value ? "yes" : "no";
    default:
      return assertNever(value);
  }
};
