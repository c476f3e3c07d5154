// Severities of all formats in Sluice's five words. What nobody can place is "unknown", which
// counts under every one.

import type { Severity } from "../core/evidence/evidence.ts";

const WORDS: Readonly<Record<string, Severity>> = {
  critical: "critical",
  high: "high",
  important: "high",
  medium: "medium",
  moderate: "medium",
  low: "low",
  negligible: "low",
  info: "low",
  none: "low",
};

export const severityOf = (word: string | null | undefined): Severity =>
  Object.hasOwn(WORDS, (word ?? "").toLowerCase())
    ? (WORDS[(word ?? "").toLowerCase()] ?? "unknown")
    : "unknown";

/** CVSS v3 and v4 rating scale, 0 to 10: 9 critical, 7 high, 4 medium. */
export const severityOfScore = (score: number): Severity =>
  score >= 9 ? "critical" : score >= 7 ? "high" : score >= 4 ? "medium" : "low";

const ORDER: readonly Severity[] = ["critical", "high", "medium", "low"];

/** Of several opinions; "unknown" where nobody has one. */
export const worstSeverity = (severities: readonly Severity[]): Severity =>
  ORDER.find((one) => severities.includes(one)) ?? "unknown";
