// One report while it is read: where it comes from, what came of it, and how large it may be.

import type { EvidenceFormat, EvidenceValue, Finding } from "../core/evidence/evidence.ts";

/** A file, for places in messages. */
export interface Source {
  /** Without its folder. */
  readonly name: string;
}

/** What a reader of one format gives. */
export interface ReportContent {
  readonly format: EvidenceFormat;
  readonly values: Readonly<Record<string, EvidenceValue>>;
  readonly findings: readonly Finding[];
}

/** Larger files are refused unread; a report of a whole monorepo has a few megabytes. */
export const MAX_BYTES = 20 * 2 ** 20;
/** Elements or brackets within one another. Real reports have about ten. */
export const MAX_DEPTH = 100;
/** Findings or test cases in one report. */
export const MAX_ENTRIES = 100_000;
