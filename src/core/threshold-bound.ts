// What a metric is compared with: a value in the metric's own unit, or a form of the baseline.

import { assertNever } from "./ids.ts";
import { METRICS, type Bound, type MetricName, type MetricUnit } from "./threshold.ts";
import { fail, type Cursor, type Failure, type Token } from "./threshold-tokens.ts";

/** Larger values are slips. Up to here six digits behind the point are exact in a double. */
const MAX_VALUE = 1e9;
/** Digits behind the point that are kept. */
const PRECISION = 1e6;
const MAX_FACTOR = 1000;

const EXAMPLES: Readonly<Record<MetricUnit, string>> = {
  percent: "1% or 0.5%",
  ms: "200ms or 1.5s",
  perSecond: "10/s",
  count: "3",
};

/** Takes the bound's tokens off the cursor. */
export const readBound = (cursor: Cursor, metric: MetricName): Bound | Failure => {
  const first = cursor.next();
  if (first.text === "baseline") return readAboveBaseline(cursor, metric);
  if (first.kind !== "number") {
    const message = `expected a value or a form of baseline, found ${first.shown}`;
    return fail(
      first.at,
      message,
      `write ${EXAMPLES[METRICS[metric]]}, 2x baseline or ${aboveExample(metric)}`,
    );
  }
  const factor = readTimes(cursor, first);
  if (factor !== null) return factor;
  const value = readValue(cursor, first, metric);
  return typeof value === "number" ? { kind: "absolute", value } : value;
};

const aboveExample = (metric: MetricName): string =>
  METRICS[metric] === "ms" ? "baseline + 100ms" : "baseline + 10%";

/** `2x baseline`, also `2 x baseline` and `2xbaseline`; null where there is no `x`. */
const readTimes = (cursor: Cursor, number: Token): Bound | Failure | null => {
  const sign = cursor.peek().text;
  if (sign !== "x" && sign !== "×" && sign !== "xbaseline") return null;
  cursor.next();
  const baseline = sign === "xbaseline" ? null : cursor.next();
  if (baseline !== null && baseline.text !== "baseline") {
    return fail(
      baseline.at,
      `expected baseline, found ${baseline.shown}`,
      `write ${number.text}x baseline`,
    );
  }
  const factor = inRange(number);
  if (typeof factor !== "number") return factor;
  if (factor > 0 && factor <= MAX_FACTOR) return { kind: "timesBaseline", factor };
  return fail(
    number.at,
    `expected a factor above 0 and up to ${MAX_FACTOR}, found ${number.shown}`,
    "write 2x baseline",
  );
};

/** Behind `baseline`: `+ 100ms`, `+ 10%`, `+ 10pp`. */
const readAboveBaseline = (cursor: Cursor, metric: MetricName): Bound | Failure => {
  const plus = cursor.next();
  if (plus.text !== "+") {
    const less =
      plus.text === "-"
        ? "for less than the baseline write 0.5x baseline"
        : "write 1x baseline or 2x baseline";
    return fail(
      plus.at,
      `expected + behind baseline, found ${plus.shown}`,
      `${less}, or ${aboveExample(metric)}`,
    );
  }
  const number = cursor.next();
  if (number.kind !== "number") {
    return fail(
      number.at,
      `expected a number behind +, found ${number.shown}`,
      `write ${aboveExample(metric)}`,
    );
  }
  if (cursor.peek().text === "%") {
    cursor.next();
    const percent = inRange(number);
    return typeof percent === "number" ? { kind: "abovePercent", percent } : percent;
  }
  const add = readPoints(cursor, number, metric);
  return typeof add === "number" ? { kind: "abovePoints", add } : add;
};

const readPoints = (cursor: Cursor, number: Token, metric: MetricName): number | Failure => {
  if (METRICS[metric] !== "percent") return readValue(cursor, number, metric);
  const unit = cursor.next();
  if (unit.text === "pp") return inRange(number);
  const message = `${metric} is a percentage: expected pp or % here, found ${unit.shown}`;
  return fail(
    unit.at,
    message,
    `write baseline + ${number.text}pp, or baseline + ${number.text}% for a share of the baseline`,
  );
};

/** A number whose unit follows, in the metric's unit. */
const readValue = (cursor: Cursor, number: Token, metric: MetricName): number | Failure => {
  const value = inRange(number);
  if (typeof value !== "number") return value;
  const unit = cursor.peek();
  const expected = METRICS[metric];
  switch (expected) {
    case "percent":
      return unit.text === "%" ? taken(cursor, value) : wrongUnit(unit, metric, "a percentage");
    case "ms":
      if (unit.text === "ms") return taken(cursor, value);
      if (unit.text !== "s") return wrongUnit(unit, metric, "a time in ms or s");
      return value > MAX_VALUE / 1000 ? tooLarge(number) : taken(cursor, rounded(value * 1000));
    case "perSecond":
      return readPerSecond(cursor, value, metric);
    case "count":
      return endsHere(unit) ? value : wrongUnit(unit, metric, "a plain number");
    default:
      return assertNever(expected);
  }
};

/** `10/s`, `10rps` or plain `10`. */
const readPerSecond = (cursor: Cursor, value: number, metric: MetricName): number | Failure => {
  const unit = cursor.peek();
  if (endsHere(unit)) return value;
  if (unit.text === "rps") return taken(cursor, value);
  if (unit.text !== "/") return wrongUnit(unit, metric, "a number per second");
  cursor.next();
  const second = cursor.peek();
  return second.text === "s"
    ? taken(cursor, value)
    : wrongUnit(second, metric, "a number per second");
};

const endsHere = (token: Token): boolean => token.kind === "end" || token.text === "for";

const taken = (cursor: Cursor, value: number): number => {
  cursor.next();
  return value;
};

const wrongUnit = (unit: Token, metric: MetricName, expected: string): Failure => {
  const found = endsHere(unit) ? "no unit" : unit.shown;
  return fail(
    unit.at,
    `${metric} is compared with ${expected}, found ${found}`,
    `write it like ${EXAMPLES[METRICS[metric]]}`,
  );
};

const inRange = (number: Token): number | Failure => {
  const value = Number(number.text);
  if (value > MAX_VALUE) return tooLarge(number);
  if (rounded(value) === value) return value;
  return fail(
    number.at,
    "expected at most 6 digits behind the point, found more",
    "round the value",
  );
};

const tooLarge = (number: Token): Failure =>
  fail(
    number.at,
    `expected a value up to ${MAX_VALUE}, found a larger one`,
    "check the value and its unit",
  );

const rounded = (value: number): number => Math.round(value * PRECISION) / PRECISION;
