// Simulated work that has begun.

import type { EffectOutcome } from "../../core/effect.ts";
import type { DurationMs } from "../../core/ids.ts";

export interface Begun {
  readonly takesMs: DurationMs;
  /** What came of it, known when it has taken its time. */
  readonly outcome: () => EffectOutcome;
}
