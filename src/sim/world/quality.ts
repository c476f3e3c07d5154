// What a simulated release is really like. The engine never sees this, only what it measures.

import type { DurationMs, ReleaseId } from "../../core/ids.ts";

export interface Quality {
  /** From start to ready; null: it never gets ready. */
  readonly readyAfterMs: DurationMs | null;
  /** From start to its crash, again and again; null: it does not crash by itself. */
  readonly crashAfterMs: DurationMs | null;
  /** Share of requests that it answers with an error. */
  readonly errorPercent: number;
  readonly p95Ms: number;
  readonly cpuPercent: number;
}

export type QualityOf = (release: ReleaseId) => Quality;
