// What one pass decided. Committed as a whole before anything is done, or not at all.

import type { EffectBody } from "./effect.ts";
import type { Instant } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Reason } from "./reason.ts";
import type { Run } from "./run.ts";

export interface Decision {
  /** The run after the decision, its revision and generation not yet raised. */
  readonly run: Run;
  /** Changes to the lane; its revision, generation and audit head are the commit's business. */
  readonly lane: Pick<Lane, "activeRun" | "stable" | "knownGood">;
  readonly effects: readonly EffectBody[];
  /** When to look again; null only when the run has ended. */
  readonly wakeAt: Instant | null;
  /** What is worth telling: each becomes an event and, with a `why`, an audit record. */
  readonly events: readonly RunEvent[];
}

export interface RunEvent {
  /** Stable, dotted, past tense: `step.done`, `run.settled`, `rollback.began`. */
  readonly type: string;
  readonly step: string | null;
  readonly reasons: readonly Reason[];
}
