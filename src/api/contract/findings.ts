// Open findings of a service, how long each is known, and by when gates want it gone.

import type { Severity } from "../../core/evidence/evidence.ts";
import type { LocalMoment } from "./local-moment.ts";

export interface FindingsQuery {
  /** `service@version`; without it the newest release that a scanner looked at. */
  readonly release?: string | undefined;
}

export interface FindingsView {
  readonly service: string;
  /** Whose newest reports tell; null: no scanner looked at any. */
  readonly release: string | null;
  /** What is late first, then by when it is due. What reports declare harmless is left out. */
  readonly findings: readonly FindingView[];
  /** Gates on the release's way that have deadlines. */
  readonly wanted: readonly DeadlineView[];
}

export interface FindingView {
  readonly id: string;
  /** The package or file that has it. */
  readonly subject: string;
  /** Of several reports, the worst. */
  readonly severity: Severity;
  /** Null: nobody knows. */
  readonly firstSeen: LocalMoment | null;
  /** The release whose report that was; null: nobody knows. */
  readonly firstIn: string | null;
  readonly waiver: {
    readonly owner: string;
    readonly until: LocalMoment;
    readonly reason: string;
  } | null;
  /** The command by which somebody answers for it. */
  readonly waive: string;
  /** One for each gate that has a deadline for it. */
  readonly dues: readonly DueView[];
}

export interface DueView {
  readonly environment: string;
  readonly step: string;
  /** Null: never by the clock, or only by the next release. */
  readonly due: LocalMoment | null;
  /** It should have been gone in this release, or nobody knows since when it is there. */
  readonly overstayed: boolean;
  /** Where it is not waived, the gate waits. */
  readonly late: boolean;
}

export interface DeadlineView {
  readonly environment: string;
  readonly step: string;
  /** `findings fixed within 1d (critical), by the next release (low)`. */
  readonly text: string;
}
