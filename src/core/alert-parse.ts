// Alerts in the threshold language: `alert critical`, `alert HighErrorRate`, `alert "disk full"`.
// What is a severity, what is a name, and what could be either is decided here.

import { closest } from "./closest.ts";
import type { AlertCondition, NamedAlertCondition } from "./threshold.ts";
import { fail, type Failure } from "./threshold-tokens.ts";
import { quoted } from "./units.ts";

/** What alert sources usually say. They are severities wherever they stand, never names. */
const SEVERITIES = [
  "critical",
  "emergency",
  "error",
  "warning",
  "info",
  "page",
  "ticket",
  "high",
  "medium",
  "low",
  "major",
  "minor",
];
/** `p1`, `sev1`, `sev-1`. */
const RANK = /^(?:p|sev-?)\d$/u;
const OWN_SEVERITY = /^[a-z][a-z0-9-]{0,31}$/u;
/** Needs no quotes, if it has a capital letter. */
const BARE_NAME = /^[A-Za-z0-9][\w.:/-]*$/u;
const CONTROL = /\p{Cc}/u;

type ParsedAlert = AlertCondition | NamedAlertCondition | Failure;

const isSeverity = (word: string): boolean => SEVERITIES.includes(word) || RANK.test(word);

/** `text` is the whole condition, `from` the index where what stands behind `alert` begins. */
export const parseAlert = (text: string, from: number): ParsedAlert => {
  const rest = text.slice(from).trim();
  const at = from + 1;
  if (rest === "") {
    const message = "expected a severity or a name behind alert, found nothing";
    return fail(at, message, "write alert critical or alert HighErrorRate");
  }
  if (CONTROL.test(rest)) return fail(at, "an alert holds no control characters", "leave them out");
  const whole = text.trim();
  if (/["'“”]/u.test(rest)) return quotedName(rest, at, whole);
  const [first = "", ...others] = rest.split(/\s+/u);
  if (first === "severity" && others.length > 0) {
    return ownSeverity(rest.slice(first.length).trim(), at, whole);
  }
  if (others.length > 0) return severalWords(first, rest, at);
  if (isSeverity(first)) return { kind: "alert", severity: first, text: whole };
  return nameOf(first, at, whole);
};

/** One word without quotes that is no severity as it stands. */
const nameOf = (word: string, at: number, text: string): ParsedAlert => {
  const lower = word.toLowerCase();
  if (isSeverity(lower)) {
    return fail(at, `expected a severity in lower case, found ${word}`, `write alert ${lower}`);
  }
  const near = closest(lower, SEVERITIES);
  if (near !== null) {
    const hint = `did you mean alert ${near}? The alert of that name is alert ${inQuotes(word)}`;
    return fail(at, `${word} is nearly the severity ${near}`, hint);
  }
  if (!BARE_NAME.test(word)) {
    const message = `expected letters and digits, or a name in quotes, found ${quoted(word)}`;
    return fail(at, message, `write alert ${inQuotes(word)}`);
  }
  if (/[A-Z]/u.test(word)) return { kind: "namedAlert", name: word, text };
  if (!OWN_SEVERITY.test(word)) {
    return fail(at, `${word} has no capital letter`, `write alert ${inQuotes(word)}`);
  }
  const hint = `write alert ${inQuotes(word)} for the alert of that name`;
  const or = `, alert severity ${word} for all alerts of that severity`;
  return fail(at, `${word} may be a name or a severity`, hint + or);
};

/** `alert severity disaster`: a word that only this alert source uses. */
const ownSeverity = (word: string, at: number, text: string): ParsedAlert => {
  const fault = severityFault(word);
  if (fault !== null) return fail(at, fault.message, fault.hint);
  if (isSeverity(word)) {
    return fail(at, `${word} is a severity that everybody knows`, `write alert ${word}`);
  }
  return { kind: "alert", severity: word, text };
};

const severalWords = (first: string, rest: string, at: number): Failure => {
  const more = rest.slice(first.length).trim();
  if (/^for\s/u.test(more)) {
    const hint = `write alert ${first}: how long is said where the alert is made`;
    return fail(at, "an alert has no for of its own", hint);
  }
  const name = rest.replaceAll(/\s+/gu, " ");
  return fail(at, "expected one word, or a name in quotes", `write alert ${inQuotes(name)}`);
};

const quotedName = (rest: string, at: number, text: string): ParsedAlert => {
  const name = /^"([^"]*)"$/u.exec(rest)?.[1]?.trim();
  if (name === undefined) {
    const bare = rest.replaceAll(/^['“”]|['“”]$|"/gu, "").trim();
    const hint = bare === "" ? 'write it like alert "disk full"' : `write alert ${inQuotes(bare)}`;
    const yaml = "; in YAML quote the whole line where it holds # or : too";
    return fail(at, "expected a name between two double quotes", `${hint}${yaml}`);
  }
  if (name === "") {
    return fail(at, "expected a name in the quotes, found none", 'write alert "disk full"');
  }
  const lower = name.toLowerCase();
  if (isSeverity(lower)) {
    const hint = `write alert ${lower}`;
    return fail(at, `${name} is a severity, and no alert is named like one`, hint);
  }
  return { kind: "namedAlert", name, text };
};

const inQuotes = (name: string): string => `"${name}"`;

/** What is wrong with the severity that a source gives an alert; null where a trigger can name it.
 * A near miss is an error: a trigger on `critcal` would never fire. */
export const severityFault = (
  word: string,
): { readonly message: string; readonly hint: string } | null => {
  if (isSeverity(word)) return null;
  const near = closest(word.toLowerCase(), SEVERITIES);
  if (!OWN_SEVERITY.test(word)) {
    const message = `expected a severity in lower case, found ${quoted(word)}`;
    return { message, hint: `write ${near ?? "critical or warning"}` };
  }
  if (near === null) return null;
  return { message: `unknown severity ${word}`, hint: `did you mean ${near}?` };
};
