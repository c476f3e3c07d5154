// The names that gates read from reports: which unit each is kept in, and which are counted from
// findings. Other names may come from the plain form; their unit is the one they were given in.

import type { Digest } from "../ids.ts";
import type { EvidenceValue, Severity } from "./evidence.ts";

export type ValueUnit = EvidenceValue["unit"];

/** What the readers of reports give. */
const VALUE_UNITS: Readonly<Record<string, ValueUnit>> = {
  coverage: "percent",
  branchCoverage: "percent",
  tests: "percent",
  unitTests: "percent",
  integrationTests: "percent",
  e2eTests: "percent",
  testCases: "count",
  passed: "count",
  failures: "count",
  skipped: "count",
  performanceP50: "ms",
  performanceP90: "ms",
  performanceP95: "ms",
  performanceP97_5: "ms",
  performanceP99: "ms",
  errorRate: "percent",
  requests: "count",
  provenance: "claim",
};

/** Each counts the findings of these severities; null: of all. A finding whose severity nobody
 * knows may be of any, so it counts under every name. */
const FINDING_COUNTS: Readonly<Record<string, Severity | null>> = {
  criticalVulnerabilities: "critical",
  highVulnerabilities: "high",
  mediumVulnerabilities: "medium",
  lowVulnerabilities: "low",
  vulnerabilities: null,
};

export const KNOWN_NAMES: readonly string[] = [
  ...Object.keys(VALUE_UNITS),
  ...Object.keys(FINDING_COUNTS),
];

export const isFindingCount = (name: string): boolean => Object.hasOwn(FINDING_COUNTS, name);

/** Whether a finding of that severity counts under a name that is made of findings. */
export const countsUnder = (name: string, severity: Severity): boolean => {
  const counted = FINDING_COUNTS[name];
  return counted === null || severity === counted || severity === "unknown";
};

/** Null: the name is not known here and takes any unit. */
export const unitOf = (name: string): ValueUnit | null => {
  if (isFindingCount(name)) return "count";
  return (Object.hasOwn(VALUE_UNITS, name) ? VALUE_UNITS[name] : undefined) ?? null;
};

/** A letter, then at most 63 letters, digits and underscores. */
export const isValueName = (text: string): boolean => /^[A-Za-z][A-Za-z0-9_]{0,63}$/u.test(text);

/** The claim that a provenance statement speaks of this very artifact; no playbook can name it, so
 * nothing but a comparison of digests finds it. */
export const provenanceName = (subject: Digest): string => `${PROVENANCE_OF}${subject}`;

const PROVENANCE_OF = "provenanceOf:";

export const isProvenanceName = (name: string): boolean => name.startsWith(PROVENANCE_OF);

/** The known name that was probably meant: another case, or one letter too many, too few, changed
 * or swapped with its neighbour. Names of one's own may well be two letters away from a known one,
 * or another percentile. */
export const slipOf = (name: string): string | null =>
  KNOWN_NAMES.includes(name)
    ? null
    : (KNOWN_NAMES.find((known) => isOneSlip(name.toLowerCase(), known.toLowerCase())) ?? null);

const isOneSlip = (a: string, b: string): boolean => {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  const shared = Math.min(a.length, b.length) - start;
  while (end < shared && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  if (/\d/u.test(left + right)) return false;
  const swapped = left.length === 2 && left === `${right[1] ?? ""}${right[0] ?? ""}`;
  return (left.length <= 1 && right.length <= 1) || (right.length === 2 && swapped);
};
