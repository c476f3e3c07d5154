// Carries out a once-only piece of work: a command, an HTTP call, a round of probes.

import type { EffectKey, EffectOutcome, OnceEffect } from "../core/effect.ts";
import type { LaneKey } from "../core/lane.ts";

export type TaskEffect = Extract<OnceEffect, { kind: "task" }>;

export interface Tasks {
  /** Ends with the task, its deadline or the signal. A failed command is `refused`, with the end of
   * its output as evidence; a lost one is `unknown`. */
  run(key: EffectKey, lane: LaneKey, task: TaskEffect, signal: AbortSignal): Promise<EffectOutcome>;
}
