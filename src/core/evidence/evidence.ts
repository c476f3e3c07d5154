// What reports say of a release: values that gates read by name, and findings that somebody may
// waive. Reports are read in src/evidence; what counts is decided here.

import type { Actor, Digest, DurationMs, Instant, ReleaseId } from "../ids.ts";
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

export type Severity = KnownSeverity | "unknown";
export type KnownSeverity = "critical" | "high" | "medium" | "low";

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

/** What a gate asks of a release's evidence: values that compare, or findings in time. */
export type EvidenceCondition = ValueCondition | FindingDeadlines;

/** `coverage > 80%`, `integrationTests = 100%`, `criticalVulnerabilities = 0`, `compliance = yes`.
 * Names made of findings (`criticalVulnerabilities`, `highVulnerabilities`, `vulnerabilities`)
 * count those that are not waived, over all reports with findings. */
export interface ValueCondition {
  readonly name: string;
  readonly comparison: Comparison | "=";
  readonly value: EvidenceValue;
  /** As written, for people. */
  readonly text: string;
}

/** How long an open finding may be known, by severity; one of a severity that is not named is not
 * asked about. */
export interface FindingDeadlines {
  readonly name: "findings";
  readonly deadlines: Readonly<Partial<Record<KnownSeverity, Deadline>>>;
  /** For people: `findings: critical in 24h, low by the next release`. */
  readonly text: string;
}

/** `nextRelease`: a release that was made after the one in which it was first seen must not have
 * it any more. A duration counts from when it was first seen, its end is late already. */
export type Deadline = DurationMs | "nextRelease";

/** Since when a finding is known of a service, for one release of it. */
export interface FirstSeen {
  readonly id: string;
  readonly subject: string;
  /** When the report was received, by Sluice's own clock. */
  readonly at: Instant;
  /** The release that report was about; null: nobody knows any more. */
  readonly release: ReleaseId | null;
  /** The release in question was made after that one; also where nobody knows. */
  readonly carried: boolean;
}

/** Somebody answers for it that this finding, or this value, does not stop the release. */
export interface Waiver {
  /** A finding's id, or a value's name. */
  readonly what: string;
  readonly reason: string;
  readonly owner: Actor;
  readonly until: Instant | null;
}
