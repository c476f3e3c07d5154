// Evidence of a release: reports as they were read, what is waived, what the gates of its plans
// want of it.

import type { EvidenceValue, Finding } from "../../core/evidence/evidence.ts";
import type { Instant } from "../../core/ids.ts";
import type { Reason } from "../../core/reason.ts";
import type { Answer } from "./gates.ts";

export type { EvidenceValue, Finding };

/** Most bytes of one report. */
export const EVIDENCE_LIMIT_BYTES = 20 * 1024 * 1024;

export interface EvidenceQuery {
  /** The file's name, without its folder. */
  readonly name: string;
}

export interface ReportView {
  readonly id: number;
  readonly name: string;
  readonly format: string;
  /** Of what was read. */
  readonly digest: string;
  readonly by: string;
  readonly at: Instant;
  readonly values: Readonly<Record<string, EvidenceValue>>;
  readonly findings: readonly Finding[];
}

export interface WaiveBody {
  /** A finding's id, or a value's name. */
  readonly what: string;
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  readonly until: Instant;
}

export interface WaiverView {
  readonly id: number;
  readonly what: string;
  readonly reason: string;
  readonly owner: string;
  readonly by: string;
  readonly at: Instant;
  readonly until: Instant | null;
}

export interface ChangeBody {
  readonly id: string;
  readonly state: "open" | "approved" | "rejected";
  readonly url: string | null;
}

export interface ChangeView extends ChangeBody {
  readonly by: string;
  readonly at: Instant;
}

export interface EvidenceView {
  readonly release: string;
  /** Newest first. */
  readonly reports: readonly ReportView[];
  /** In force now, newest first. */
  readonly waivers: readonly WaiverView[];
  readonly changes: readonly ChangeView[];
  readonly wanted: readonly WantedView[];
}

/** What one gate on the release's way wants of it, and whether it has it. */
export interface WantedView {
  readonly environment: string;
  readonly step: string;
  readonly rule: string;
  readonly text: string;
  readonly answer: Answer;
  readonly reasons: readonly Reason[];
}
