// What reports say of a release: values that gates read by name, and findings that somebody may
// waive. Reports are read in src/evidence; what counts is decided here.

import type { Actor, Digest, Instant } from "../ids.ts";
import type { Comparison } from "../threshold.ts";

/** How a report was written. */
export type EvidenceFormat =
  | "junit"
  | "cobertura"
  | "lcov"
  | "sarif"
  | "trivy"
  | "cyclonedx"
  | "osv"
  | "provenance"
  | "k6"
  | "autocannon"
  | "values";

/** One report, read: only this is kept of it, with the digest of what was read. */
export interface Evidence {
  readonly format: EvidenceFormat;
  /** The file's name, without its folder. */
  readonly name: string;
  readonly digest: Digest;
  /** By name: `coverage`, `integrationTests`, `performanceP95`. */
  readonly values: Readonly<Record<string, EvidenceValue>>;
  readonly findings: readonly Finding[];
}

/** Shares in percent (0 to 100), times in milliseconds, all else counted; yes and no for claims. */
export type EvidenceValue =
  | { readonly unit: "percent" | "ms" | "count"; readonly value: number }
  | { readonly unit: "claim"; readonly value: boolean };

export type Severity = "critical" | "high" | "medium" | "low" | "unknown";

/** Something that is wrong with the release, or with what it is made of. */
export interface Finding {
  /** `CVE-2026-1234`, `GHSA-…`, a rule's id. */
  readonly id: string;
  readonly severity: Severity;
  /** The package or file that has it. */
  readonly subject: string;
  /** Declared not to matter by the report itself (CycloneDX analysis.state, a SARIF suppression);
   * null: not declared. */
  readonly declared: string | null;
}

/** `coverage > 80%`, `integrationTests = 100%`, `criticalVulnerabilities = 0`, `compliance = yes`.
 * Names made of findings (`criticalVulnerabilities`, `highVulnerabilities`, `vulnerabilities`)
 * count those that are not waived, over all reports with findings. */
export interface EvidenceCondition {
  readonly name: string;
  readonly comparison: Comparison | "=";
  readonly value: EvidenceValue;
  /** As written, for people. */
  readonly text: string;
}

/** Somebody answers for it that this finding, or this value, does not stop the release. */
export interface Waiver {
  /** A finding's id, or a value's name. */
  readonly what: string;
  readonly reason: string;
  readonly owner: Actor;
  readonly until: Instant | null;
}
