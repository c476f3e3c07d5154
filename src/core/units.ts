// Durations, percents and sizes as people write them, and back. Which units exist, and which slips
// of the pen get which advice, is decided here.

import { assertNever, type DurationMs, type Permille } from "./ids.ts";
import type { MetricUnit } from "./threshold.ts";

export type Parsed<T> =
  | { readonly kind: "ok"; readonly value: T }
  /** `message` says what was expected and found, `hint` what to write instead. */
  | { readonly kind: "error"; readonly message: string; readonly hint: string };

/** No duration of a deployment is longer. */
const MAX_DURATION_MS = 366 * 86_400_000;
/** One pebibyte: more memory or log than any machine has. */
const MAX_BYTES = 2 ** 50;
/** Longer texts are not quoted in messages. */
const MAX_QUOTED = 40;

const DURATION_UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type DurationUnit = keyof typeof DURATION_UNITS;
const DURATION_ORDER = Object.keys(DURATION_UNITS) as readonly DurationUnit[];

const DURATION_SLIPS: readonly (readonly [RegExp, DurationUnit])[] = [
  [/^m(?:in(?:ute)?s?)?$/iu, "m"],
  [/^s(?:ec(?:ond)?s?)?$/iu, "s"],
  [/^h(?:(?:ou)?rs?)?$/iu, "h"],
  [/^d(?:ays?)?$/iu, "d"],
  [/^(?:ms|msecs?|millis(?:econds?)?|milliseconds?)$/iu, "ms"],
];

const SIZE_UNITS = {
  Ti: 2 ** 40,
  Gi: 2 ** 30,
  Mi: 2 ** 20,
  Ki: 2 ** 10,
  T: 1e12,
  G: 1e9,
  M: 1e6,
  k: 1e3,
  B: 1,
} as const;

const bad = (message: string, hint: string): { kind: "error"; message: string; hint: string } => ({
  kind: "error",
  message,
  hint,
});

/** Shortened for messages. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);

/** `15m`, `1h30m`, `1h 30m`, `1.5s`, `500ms`, `2d`, `0`: largest unit first, each at most once, a
 * whole number of milliseconds up to MAX_DURATION_MS. */
export const parseDuration = (text: string): Parsed<DurationMs> => {
  const trimmed = text.trim();
  if (trimmed === "0") return { kind: "ok", value: 0 };
  if (/^\d+(?:\.\d+)?$/u.test(trimmed) && trimmed.length <= MAX_QUOTED) {
    const hint = `write ${trimmed}s, ${trimmed}m or ${trimmed}h`;
    return bad(`expected a duration, found the number ${trimmed} without a unit`, hint);
  }
  let total = 0;
  let smallest = -1;
  let rest = trimmed;
  while (rest.length > 0) {
    const part = /^(\d{1,15}(?:\.\d{1,15})?)\s*([A-Za-z]{1,12})\s*/u.exec(rest);
    if (part === null) return notADuration(text);
    const [whole, amount = "", unit = ""] = part;
    const order = DURATION_ORDER.indexOf(unit as DurationUnit);
    if (order < 0) return unknownDurationUnit(unit, amount);
    if (order <= smallest) {
      const message = `expected each unit once and the largest first, found ${quoted(text)}`;
      return bad(message, "write 1h30m, not 30m1h or 1h1h");
    }
    total += Number(amount) * DURATION_UNITS[unit as DurationUnit];
    smallest = order;
    rest = rest.slice(whole.length);
  }
  return smallest < 0 ? notADuration(text) : wholeDuration(total, text);
};

const notADuration = (text: string): Parsed<never> =>
  bad(`expected a duration, found ${quoted(text)}`, "write it like 90s, 15m, 1h30m or 2d");

/** `minutes` is `m`; null where it is no unit of time. */
export const durationUnit = (word: string): DurationUnit | null =>
  DURATION_SLIPS.find(([slip]) => slip.test(word))?.[1] ?? null;

const unknownDurationUnit = (unit: string, amount: string): Parsed<never> => {
  const meant = durationUnit(unit);
  const hint = meant === null ? "units are ms, s, m, h and d" : `write ${amount}${meant}`;
  return bad(`unknown unit ${quoted(unit)} in a duration`, hint);
};

const wholeDuration = (ms: number, text: string): Parsed<DurationMs> => {
  // 1.1s is 1100.0000000000002 in floating point.
  const rounded = Math.round(ms);
  if (Math.abs(ms - rounded) > 1e-6) {
    return bad(`${quoted(text)} is not a whole number of milliseconds`, "the smallest unit is ms");
  }
  if (rounded > MAX_DURATION_MS) {
    return bad(`${quoted(text)} is longer than a year`, "the longest duration is 366d");
  }
  return { kind: "ok", value: rounded };
};

/** `1h 30m`, `500ms`, `0s`. parseDuration gives the same duration back. */
export const formatDuration = (ms: DurationMs): string => {
  const parts: string[] = [];
  let rest = Math.round(ms);
  for (const unit of DURATION_ORDER) {
    const amount = Math.floor(rest / DURATION_UNITS[unit]);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * DURATION_UNITS[unit];
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
};

/** `5%`, `0.5 %`: the number before the sign, 0 to 100. */
export const parsePercent = (text: string): Parsed<number> => {
  const trimmed = text.trim();
  const match = /^(\d{1,9}(?:\.\d{1,9})?)\s*%$/u.exec(trimmed);
  if (match !== null) {
    const value = Number(match[1]);
    if (value <= 100) return { kind: "ok", value };
    return bad(`expected at most 100%, found ${quoted(text)}`, "a share is between 0% and 100%");
  }
  const bare = /^\d{1,9}(?:\.\d{1,9})?$/u.test(trimmed);
  const found = bare ? `the number ${trimmed} without a sign` : quoted(text);
  return bad(
    `expected a percentage, found ${found}`,
    bare ? `write ${trimmed}%` : "write it like 5% or 0.5%",
  );
};

/** A percentage in thousandths: `2.5%` is 25. Finer than 0.1 % is an error. */
export const parsePermille = (text: string): Parsed<Permille> => {
  const percent = parsePercent(text);
  if (percent.kind === "error") return percent;
  const permille = Math.round(percent.value * 10);
  if (Math.abs(permille - percent.value * 10) < 1e-6) return { kind: "ok", value: permille };
  return bad(`expected steps of 0.1%, found ${quoted(text)}`, `write ${permille / 10}%`);
};

/** `25 %`, `2.5 %`: at most three digits behind the point. */
const formatPercent = (percent: number): string => `${trimNumber(percent)} %`;

export const formatPermille = (permille: Permille): string => formatPercent(permille / 10);

/** `512Mi`, `1Gi`, `1.5Gi`, `64k`, `100B`: a whole number of bytes up to MAX_BYTES. */
export const parseBytes = (text: string): Parsed<number> => {
  const match = /^(\d{1,15}(?:\.\d{1,9})?)\s*([A-Za-z]{0,6})$/u.exec(text.trim());
  if (match === null)
    return bad(`expected a size, found ${quoted(text)}`, "write it like 256Mi or 1Gi");
  const [, amount = "", unit = ""] = match;
  if (!Object.hasOwn(SIZE_UNITS, unit)) return unknownSizeUnit(amount, unit);
  const bytes = Number(amount) * SIZE_UNITS[unit as keyof typeof SIZE_UNITS];
  if (bytes > MAX_BYTES)
    return bad(`${quoted(text)} is more than any machine has`, "the largest size is 1024Ti");
  if (Number.isInteger(bytes)) return { kind: "ok", value: bytes };
  return bad(`${quoted(text)} is not a whole number of bytes`, `write ${Math.round(bytes)}B`);
};

const unknownSizeUnit = (amount: string, unit: string): Parsed<never> => {
  if (unit === "") {
    return bad(
      `expected a size, found the number ${amount} without a unit`,
      `write ${amount}Mi or ${amount}B`,
    );
  }
  const binary = /^([kmgt])(?:i?b|i)?$/iu.exec(unit)?.[1]?.toUpperCase();
  const hint =
    binary === undefined
      ? "units are Ki, Mi, Gi, Ti, k, M, G, T and B"
      : `write ${amount}${binary}i`;
  return bad(`unknown unit ${quoted(unit)} in a size`, hint);
};

/** A measured value with its unit, for people: `4.8 %`, `312 ms`, `12.5/s`, `3`. */
export const formatMeasure = (value: number, unit: MetricUnit): string => {
  switch (unit) {
    case "percent":
      return formatPercent(value);
    case "ms":
      return `${trimNumber(value)} ms`;
    case "perSecond":
      return `${trimNumber(value)}/s`;
    case "count":
      return trimNumber(value);
    default:
      return assertNever(unit);
  }
};

const trimNumber = (value: number): string => String(Math.round(value * 1000) / 1000);
