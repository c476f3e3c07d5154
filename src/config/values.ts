// The kinds of single values that definitions are made of: text, names, people, numbers, choices.
// Those with a unit are in quantities.ts, addresses in addresses.ts.

import { didYouMean } from "../core/closest.ts";
import { quoted } from "../core/units.ts";
import { article, leaf, refused, wrongType, type Read, type ValueSchema } from "./leaf.ts";

const MAX_TEXT = 32_768;
const MAX_NAME = 63;
/** A DNS label (RFC 1123), since names become host names, folders and metric labels. */
const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/u;
/** People as the API knows them: `alice`, `alice@example.com`. */
const PERSON = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/u;

const needsQuotes = (raw: unknown): boolean =>
  typeof raw === "number" || typeof raw === "boolean" || raw === null;

/** Text of 1 to `max` characters without NUL; `pattern` in words is `expected`. */
export const text = (
  options: {
    readonly title?: string;
    readonly code?: string;
    readonly max?: number;
    readonly allowEmpty?: boolean;
    readonly pattern?: RegExp;
    readonly expected?: string;
    readonly hint?: string;
  } = {},
) => {
  const {
    title = "text",
    code = "bad-text",
    max = MAX_TEXT,
    allowEmpty = false,
    pattern,
    expected,
    hint,
  } = options;
  const schema: ValueSchema = {
    title,
    type: "string",
    ...(allowEmpty ? {} : { minLength: 1 }),
    ...(pattern === undefined ? {} : { pattern: pattern.source }),
  };
  return leaf(schema, (raw): Read<string> => {
    if (typeof raw !== "string") {
      return refused({
        code: "wrong-type",
        message: `expected ${article(title)}`,
        found: true,
        quote: needsQuotes(raw),
      });
    }
    if (raw === "" && !allowEmpty)
      return refused({ code, message: `expected ${article(title)}, found an empty text` });
    if (raw.length > max) {
      return refused({ code, message: `expected at most ${max} characters, found ${raw.length}` });
    }
    if (raw.includes("\0"))
      return refused({ code, message: "expected text without NUL characters, found one" });
    if (pattern === undefined || pattern.test(raw)) return { kind: "ok", value: raw };
    const message = `expected ${expected ?? article(title)}, found ${quoted(raw)}`;
    return refused(hint === undefined ? { code, message } : { code, message, hint });
  });
};

/** Of a definition: 1 to 63 lower-case letters, digits and inner dashes. */
export const name = () =>
  leaf<string>(
    { title: "name", type: "string", minLength: 1, maxLength: MAX_NAME, pattern: NAME.source },
    (raw) => {
      if (typeof raw === "string") return nameFault(raw) ?? { kind: "ok", value: raw };
      return refused({
        code: "wrong-type",
        message: "expected a name",
        found: true,
        quote: needsQuotes(raw),
      });
    },
  );

/** Null: it is a good name. */
export const nameFault = (raw: string): Extract<Read<never>, { kind: "error" }> | null => {
  if (NAME.test(raw) && raw.length <= MAX_NAME) return null;
  const message =
    raw.length === 0 || raw.length > MAX_NAME
      ? `expected a name of 1 to ${MAX_NAME} characters, found ${raw.length}`
      : `expected a name of lower-case letters, digits and inner dashes, found ${quoted(raw)}`;
  const mended = raw
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-")
    .replaceAll(/^-+|-+$/gu, "");
  const hint =
    NAME.test(mended) && mended.length <= MAX_NAME ? `write ${mended}` : "write it like web-canary";
  return { kind: "error", code: "bad-name", message, hint };
};

/** Somebody who may approve or answer; the control plane itself may not. */
export const person = () =>
  leaf<string>({ title: "person", type: "string", pattern: PERSON.source }, (raw) => {
    if (typeof raw !== "string") {
      return refused({
        code: "wrong-type",
        message: "expected a person's name",
        found: true,
        quote: needsQuotes(raw),
      });
    }
    if (raw === "sluice")
      return refused({ code: "bad-person", message: "expected a person, found sluice itself" });
    if (PERSON.test(raw)) return { kind: "ok", value: raw };
    const message = `expected a person's name, found ${quoted(raw)}`;
    return refused({
      code: "bad-person",
      message,
      hint: "write it like alice or alice@example.com",
    });
  });

/** `true` or `false`. */
export const flag = () =>
  leaf<boolean>({ title: "true or false", type: "boolean" }, (raw) => {
    if (typeof raw === "boolean") return { kind: "ok", value: raw };
    const word = typeof raw === "string" ? raw.toLowerCase() : "";
    const meant = ["yes", "on", "y"].includes(word)
      ? "true"
      : ["no", "off", "n"].includes(word)
        ? "false"
        : null;
    const message = "expected true or false";
    return refused({
      code: "wrong-type",
      message,
      found: true,
      ...(meant === null ? {} : { hint: `write ${meant}` }),
    });
  });

/** A whole number from `min` to `max`. */
export const count = ({ min, max }: { readonly min: number; readonly max: number }) =>
  leaf<number>({ title: "number", type: "integer", minimum: min, maximum: max }, (raw) => {
    if (typeof raw !== "number") {
      const bare = typeof raw === "string" && /^\d+$/u.test(raw);
      const message = "expected a whole number";
      return refused({
        code: "wrong-type",
        message,
        found: true,
        ...(bare ? { hint: `write ${raw} without quotes` } : {}),
      });
    }
    if (!Number.isInteger(raw)) return wrongType("a whole number");
    if (raw >= min && raw <= max) return { kind: "ok", value: raw };
    return refused({
      code: "out-of-range",
      message: `expected a number from ${min} to ${max}`,
      found: true,
    });
  });

/** A number above 0 and up to `max`, whole or not. */
export const quantity = ({ max }: { readonly max: number }) =>
  leaf<number>({ title: "number", type: "number", exclusiveMinimum: 0, maximum: max }, (raw) => {
    if (typeof raw !== "number" || !Number.isFinite(raw)) return wrongType("a number");
    if (raw > 0 && raw <= max) return { kind: "ok", value: raw };
    return refused({
      code: "out-of-range",
      message: `expected a number above 0 and up to ${max}`,
      found: true,
    });
  });

/** One of these words. */
export const choice = <const W extends string>(words: readonly W[]) =>
  leaf<W>({ title: words.join(" or "), type: "string", enum: words }, (raw) => {
    const known = words.find((word) => word === raw);
    if (known !== undefined) return { kind: "ok", value: known };
    const message = `expected ${words.join(", ").replace(/, ([^,]*)$/u, " or $1")}`;
    if (typeof raw !== "string") return refused({ code: "wrong-type", message, found: true });
    return refused({ code: "unknown-word", message, found: true, hint: didYouMean(raw, words) });
  });
