// Conditions on evidence, `coverage: "> 80%"`, from text to ValueCondition. Which comparisons
// make sense for which value is decided here.

import { didYouMean } from "../closest.ts";
import { quoted, type Parsed } from "../units.ts";
import type { EvidenceValue, ValueCondition } from "./evidence.ts";
import { evidenceValueText, parseEvidenceValue } from "./evidence-value.ts";
import { isFindingCount, isValueName, slipOf } from "./value-names.ts";

/** Longer texts are refused unread. */
const MAX_LENGTH = 100;

type Sign = ValueCondition["comparison"];

/** `name` is the key, `text` the value beside it: `> 80%`, `< 200ms`, `yes`. Without a comparison
 * `100%`, `0`, `yes` and `no` mean exactly that; any other value must say which way it is meant.
 * Never throws. */
export const parseEvidenceCondition = (name: string, text: string): Parsed<ValueCondition> => {
  if (!isValueName(name)) {
    const message = `expected the name of a value in evidence, found ${quoted(name)}`;
    return bad(message, "a letter, then letters, digits and underscores");
  }
  const slip = slipOf(name);
  if (slip !== null) return bad(`unknown value ${name} in evidence`, didYouMean(name, [slip]));
  if (text.length > MAX_LENGTH) {
    const message = `expected at most ${MAX_LENGTH} characters, found ${text.length}`;
    return bad(message, "write it like > 80%, < 200ms, 0 or yes");
  }
  const [, sign, rest = ""] = /^\s*(<=|>=|<|>|=)?\s*(.*)$/su.exec(text) ?? [];
  if (/^[<>=!≤≥~]/u.test(rest)) {
    const message = `expected a comparison and a value, found ${quoted(text)}`;
    return bad(message, "write <, <=, >, >= or =");
  }
  const value = parseEvidenceValue(name, rest);
  if (value.kind === "error") return value;
  const asked = { name, sign: (sign ?? null) as Sign | null, value: value.value };
  const wrong = senseless(asked) ?? unclear(asked);
  if (wrong !== null) return wrong;
  const comparison = asked.sign ?? "=";
  return {
    kind: "ok",
    value: { name, comparison, value: value.value, text: `${name} ${comparison} ${rest.trim()}` },
  };
};

interface Asked {
  readonly name: string;
  readonly sign: Sign | null;
  readonly value: EvidenceValue;
}

/** What could only hold always or never was not meant; null where it makes sense. */
const senseless = ({ name, sign, value }: Asked): Parsed<never> | null => {
  if (value.unit === "claim") {
    if (sign === null || sign === "=") return null;
    return bad(`${name} ${sign} ${evidenceValueText(value)} compares a claim`, "write yes or no");
  }
  const { unit, value: bound } = value;
  const top = unit === "percent" && bound === 100;
  const never = (sign === "<" && bound === 0) || (sign === ">" && top);
  const always = (sign === ">=" && bound === 0) || (sign === "<=" && top);
  if (!never && !always) return null;
  const text = `${name} ${sign} ${evidenceValueText(value)}`;
  return bad(
    never ? `${text} can never hold` : `${text} always holds`,
    "check the comparison and the value",
  );
};

/** `coverage: 80%` does not say whether more is better, and more findings are never asked for:
 * whatever is found anew must not open a gate. */
const unclear = ({ name, sign, value }: Asked): Parsed<never> | null => {
  if (value.unit === "claim") return null;
  const shown = evidenceValueText(value).replaceAll(" ", "");
  if (isFindingCount(name)) {
    const bounded = sign === "<" || sign === "<=";
    const none = value.value === 0 && (sign === null || sign === "=");
    if (bounded || none) return null;
    const message = `${name} counts what is wrong: only an upper bound makes sense`;
    return bad(message, `write <= ${shown}`);
  }
  const exact = value.value === 0 || (value.unit === "percent" && value.value === 100);
  if (sign !== null || exact) return null;
  const other = value.unit === "percent" ? `>= ${shown}` : `<= ${shown}`;
  return bad(
    `${name}: ${shown} does not say whether more or less is meant`,
    `write ${other}, or = ${shown} for exactly that`,
  );
};

const bad = (message: string, hint: string): Parsed<never> => ({ kind: "error", message, hint });
