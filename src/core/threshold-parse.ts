// The threshold language, `errorRate > 1% for 5m`, from text to Condition and back. Which unit fits
// which metric, and which conditions could never be of use, is decided here.

import { parseAlert } from "./alert-parse.ts";
import { closest, didYouMean } from "./closest.ts";
import {
  METRICS,
  type Bound,
  type Comparison,
  type Condition,
  type MetricName,
  type MetricUnit,
} from "./threshold.ts";
import { adviceFor } from "./threshold-advice.ts";
import { readBound } from "./threshold-bound.ts";
import { cursorOver, fail, type Cursor, type Failure, type Token } from "./threshold-tokens.ts";
import { formatDuration, parseDuration, quoted } from "./units.ts";

export type ParsedCondition = { readonly kind: "ok"; readonly condition: Condition } | Failure;

/** Longer texts are refused unread. */
const MAX_CONDITION_LENGTH = 200;
/** A condition that must hold for longer than a day is a report, not a trigger. */
const MAX_FOR_MS = 86_400_000;
const METRIC_NAMES = Object.keys(METRICS) as readonly MetricName[];
const COMPARISONS: readonly string[] = ["<", "<=", ">", ">="] satisfies readonly Comparison[];
const UNKNOWN = "unknown metric";
/** Never above 100 %; cpu and memory are, where an instance uses more than its share. */
const SHARES: readonly MetricName[] = ["errorRate", "healthCheckFailures"];

/** Any text gives a condition or an error with its column (1 is the first); never throws. */
export const parseCondition = (text: string): ParsedCondition => {
  if (text.length > MAX_CONDITION_LENGTH) {
    const message = `expected at most ${MAX_CONDITION_LENGTH} characters, found ${text.length}`;
    return fail(1, message, "write it like errorRate > 1% for 5m");
  }
  const cursor = cursorOver(text);
  const first = cursor.peek();
  if (first.kind === "word" && first.text === "alert") return readAlert(text, cursor);
  if (/^alerts?$/iu.test(first.text)) return unlikeAlert(text, first);
  const read = parseMetric(text, cursor);
  return read.kind === "ok" ? read : advised(text, read);
};

/** `Alert HighErrorRate`, `alerts critical`. */
const unlikeAlert = (text: string, { at, text: word, shown }: Token): Failure => {
  const meant = parseAlert(text, at - 1 + word.length);
  const hint =
    meant.kind === "error" ? meant.hint : `write alert${text.slice(at - 1 + word.length)}`;
  return fail(at, `expected alert in lower case, found ${shown}`, hint.trimEnd());
};

/** A refusal that knows what the field calls things says the sentence to write instead. */
const advised = (text: string, failure: Failure): Failure => {
  const reads = (sentence: string): boolean =>
    parseMetric(sentence, cursorOver(sentence)).kind === "ok";
  const advice = adviceFor(text, reads);
  if (advice === null) return failure;
  const { hint } = advice;
  if (!failure.message.startsWith(UNKNOWN)) return { ...failure, hint };
  return { ...failure, message: `${UNKNOWN} ${quoted(advice.named)}`, hint };
};

const readAlert = (text: string, cursor: Cursor): ParsedCondition => {
  cursor.next();
  const read = parseAlert(text, cursor.peek().at - 1);
  return read.kind === "error" ? read : { kind: "ok", condition: read };
};

const parseMetric = (text: string, cursor: Cursor): ParsedCondition => {
  const named = cursor.next();
  if (named.kind !== "word") {
    const message = `expected a metric, found ${named.shown}`;
    return fail(named.at, message, `known here: ${METRIC_NAMES.join(", ")}`);
  }
  if (!Object.hasOwn(METRICS, named.text)) {
    const known = [...METRIC_NAMES, "alert"];
    return fail(named.at, `${UNKNOWN} ${named.shown}`, didYouMean(named.text, known));
  }
  const metric = named.text as MetricName;
  const sign = cursor.next();
  if (!COMPARISONS.includes(sign.text)) {
    const message = `expected a comparison behind ${metric}, found ${sign.shown}`;
    return fail(sign.at, message, "write <, <=, > or >=");
  }
  const comparison = sign.text as Comparison;
  const boundAt = cursor.peek().at;
  const bound = readBound(cursor, metric);
  if ("message" in bound) return bound;
  const senseless = senselessBound(metric, comparison, bound);
  if (senseless !== null) return fail(boundAt, senseless, "check the comparison and the value");
  const forMs = readFor(text, cursor);
  if (typeof forMs !== "number") return forMs;
  return {
    kind: "ok",
    condition: { kind: "metric", metric, comparison, bound, forMs, text: text.trim() },
  };
};

/** The rest of the text: nothing, or `for` and a duration. */
const readFor = (text: string, cursor: Cursor): number | Failure => {
  const word = cursor.next();
  if (word.kind === "end") return 0;
  if (word.text !== "for") {
    const hint =
      word.kind === "word" && closest(word.text, ["for"]) !== null
        ? "did you mean for?"
        : "write it like errorRate > 1% for 5m";
    return fail(word.at, `expected for and a duration, or nothing more, found ${word.shown}`, hint);
  }
  const { at } = cursor.peek();
  const duration = parseDuration(text.slice(at - 1));
  if (duration.kind === "error") return fail(at, duration.message, duration.hint);
  if (duration.value > MAX_FOR_MS) {
    return fail(at, `expected at most 1d, found ${formatDuration(duration.value)}`, "shorten it");
  }
  return duration.value;
};

/** Values are never negative, and shares never above 100 %: what could only hold always or never
 * was not meant. Null where the bound makes sense. */
const senselessBound = (
  metric: MetricName,
  comparison: Comparison,
  bound: Bound,
): string | null => {
  if (bound.kind !== "absolute") return null;
  const { value } = bound;
  const share = SHARES.includes(metric);
  const never =
    (comparison === "<" && value === 0) ||
    (share && (comparison === ">" ? value >= 100 : comparison === ">=" && value > 100));
  if (never) return `${metric} ${comparison} ${valueText(value, METRICS[metric])} can never hold`;
  const always =
    (comparison === ">=" && value === 0) ||
    (share && (comparison === "<=" ? value >= 100 : comparison === "<" && value > 100));
  return always
    ? `${metric} ${comparison} ${valueText(value, METRICS[metric])} always holds`
    : null;
};

const UNIT_SIGNS: Readonly<Record<MetricUnit, string>> = {
  percent: "%",
  ms: "ms",
  perSecond: "/s",
  count: "",
};

const valueText = (value: number, unit: MetricUnit): string => `${value}${UNIT_SIGNS[unit]}`;
