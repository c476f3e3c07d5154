// From a condition as the field writes it, `error_rate > 0.01`, to the sentence that says the same
// here. Where it leaves something open, such as a unit, all that it may mean is said.

import { METRICS, type MetricName, type MetricUnit } from "./threshold.ts";
import { spelled } from "./threshold-spellings.ts";
import { durationUnit, quoted } from "./units.ts";

export interface Advice {
  /** The words that name the metric, as written. */
  readonly named: string;
  /** The sentence to write, or those that it may mean; or that nothing here measures it. */
  readonly hint: string;
}

const SIGNS: readonly (readonly [RegExp, string])[] = [
  [/(?:≤|<=|=<|\bat most\b|\bno more than\b)/iu, "<="],
  [/(?:≥|>=|=>|\bat least\b|\bno less than\b)/iu, ">="],
  [/(?:\bincreas\w+ by\b|\brises? by\b|\bgrows? by\b|\bup by\b)/iu, "+"],
  [/(?:>|\bexceed\w*|\babove\b|\bover\b|\b(?:greater|more|higher) than\b)/iu, ">"],
  [/(?:<|\bbelow\b|\bunder\b|\b(?:less|lower) than\b)/iu, "<"],
  [/={1,2}/u, "="],
];
const LINKING = /\b(?:is|are|stays?|rate of the|the)\b/giu;
const ASIDE = /\(([^()]*)\)/u;
const HELD = /\bfor (?:at least |more than )?(\d{1,9}(?:\.\d{1,3})?) ?(?:consecutive )?([a-z]+)$/iu;
const TIMES = /^(?:(\d{1,4}(?:\.\d{1,3})?) ?(?:x|×|times)|(twice)|(double)) ?(?:the )?baseline$/iu;
const OVER_BASELINE = / (?:over|above|from|compared to) (?:the )?(?:baseline|previous \w+)$/iu;
const NUMBER = /^(\d{1,9}(?:\.\d{1,6})?) ?(.*)$/u;
const PER_SECOND = /^(?:|(?:req\w*)? ?(?:\/ ?|per )s(?:ec(?:ond)?)?|rps|qps)$/u;
/** From here on a bare number of a response time is hardly one of seconds. */
const SURELY_MS = 20;

/** What a bare or a foreign value may mean, the likelier first, and what it leaves open. */
interface Meaning {
  readonly bounds: readonly string[];
  readonly open: string | null;
}

const EXAMPLES: Readonly<Record<MetricUnit, string>> = {
  percent: "5%",
  ms: "500ms",
  perSecond: "10/s",
  count: "3",
};

/** `reads` is the reader of the language; what it does not take is not advised. Null where the text
 * is nothing that the field writes so. */
export const adviceFor = (text: string, reads: (sentence: string) => boolean): Advice | null => {
  if (/[{[]/u.test(text))
    return elsewhere(text.trim(), "a query of another system is not read here");
  const aside = ASIDE.exec(text)?.[1] ?? "";
  const flat = text.replace(ASIDE, " ").replaceAll(/\s+/gu, " ").trim();
  const { subject, sign, rest } = splitAt(flat);
  const named = subject.replaceAll(LINKING, " ").replaceAll(/\s+/gu, " ").trim();
  const read = spelled(named, aside);
  if (read.kind === "unknown") return null;
  if (read.kind === "elsewhere") return elsewhere(named, `${quoted(named)} is not measured here`);
  const { metric, guessed } = read;
  if (sign === "") {
    return { named, hint: `write it like ${metric} > ${EXAMPLES[METRICS[metric]]}` };
  }
  const { bound, held } = heldFor(rest);
  const { bounds, open } = meaningOf(metric, bound, sign === "+");
  const sentences = bounds
    .map((one) => `${metric} ${sign === "+" ? ">" : sign} ${one}${held}`)
    .filter(reads);
  if (sentences.length === 0) return null;
  const guess = guessed ? "it names no percentile, p50, p90 and p99 are there too" : null;
  const left = [sentences.length > 1 ? open : null, guess].filter((one) => one !== null);
  const why = left.length === 0 ? "" : `: ${left.join("; ")}`;
  return { named, hint: `write ${sentences.join(", or ")}${why}` };
};

const elsewhere = (named: string, why: string): Advice => ({
  named,
  hint: `${why}: let your monitoring alert on it, and write alert with that alert's name`,
});

const splitAt = (
  flat: string,
): { readonly subject: string; readonly sign: string; readonly rest: string } => {
  for (const [pattern, sign] of SIGNS) {
    const found = pattern.exec(flat);
    if (found === null) continue;
    const subject = flat.slice(0, found.index).trim();
    return { subject, sign, rest: flat.slice(found.index + found[0].length).trim() };
  }
  return { subject: flat, sign: "", rest: "" };
};

/** What holds, and for how long. */
const heldFor = (rest: string): { readonly bound: string; readonly held: string } => {
  const found = HELD.exec(rest);
  const unit = durationUnit(found?.[2] ?? "");
  if (found === null || unit === null) {
    const at = rest.search(/\bfor\b/u);
    if (at < 0) return { bound: rest, held: "" };
    return { bound: rest.slice(0, at).trim(), held: ` ${rest.slice(at)}` };
  }
  return { bound: rest.slice(0, found.index).trim(), held: ` for ${found[1]}${unit}` };
};

const meaningOf = (metric: MetricName, bound: string, rises: boolean): Meaning => {
  const times = TIMES.exec(bound);
  if (times !== null) return only(`${times[1] ?? "2"}x baseline`);
  if (bound.startsWith("baseline")) return only(bound);
  const [, digits = "", unit = ""] = NUMBER.exec(bound.replace(OVER_BASELINE, "")) ?? [];
  if (digits === "") return NOTHING;
  const plain = valueOf(metric, digits, unit.trim().toLowerCase());
  return rises ? aboveBaseline(metric, digits, unit.trim(), plain) : plain;
};

const only = (bound: string): Meaning => ({ bounds: [bound], open: null });

const either = (open: string, ...bounds: readonly string[]): Meaning => ({ bounds, open });

/** `increases by 10%` may be a tenth of what it was, or ten points more. */
const aboveBaseline = (
  metric: MetricName,
  digits: string,
  unit: string,
  plain: Meaning,
): Meaning => {
  if (unit === "%" || /^percent$/iu.test(unit)) {
    if (METRICS[metric] !== "percent") return only(`baseline + ${digits}%`);
    const open = `${digits}% may be that share of what it was, or ${digits} percentage points`;
    return either(open, `baseline + ${digits}%`, `baseline + ${digits}pp`);
  }
  if (/^(?:pp|percentage points|points)$/iu.test(unit)) return only(`baseline + ${digits}pp`);
  return { ...plain, bounds: plain.bounds.map((bound) => `baseline + ${bound}`) };
};

const valueOf = (metric: MetricName, digits: string, unit: string): Meaning => {
  switch (METRICS[metric]) {
    case "percent":
      if (unit === "%" || unit === "percent" || unit === "pct") return only(`${digits}%`);
      return unit === "" ? shareOf(digits) : NOTHING;
    case "ms": {
      if (unit === "") return timeOf(digits);
      const known = durationUnit(unit);
      return known === "ms" || known === "s" ? only(`${digits}${known}`) : NOTHING;
    }
    case "perSecond":
      return PER_SECOND.test(unit) ? only(`${digits}/s`) : NOTHING;
    case "count":
      return unit === "" || unit === "times" ? only(digits) : NOTHING;
  }
};

const NOTHING: Meaning = { bounds: [], open: null };

/** A share without its sign: below 1 it is mostly a share of 1. */
const shareOf = (digits: string): Meaning => {
  const value = Number(digits);
  if (value > 1) return only(`${digits}%`);
  const percent = `${Math.round(value * 1e8) / 1e6}%`;
  const open = `without a sign ${digits} may be either`;
  return value < 1 ? either(open, percent, `${digits}%`) : either(open, `${digits}%`, percent);
};

const timeOf = (digits: string): Meaning => {
  const open = `${digits} has no unit`;
  return Number(digits) >= SURELY_MS
    ? either(open, `${digits}ms`, `${digits}s`)
    : either(open, `${digits}s`, `${digits}ms`);
};
