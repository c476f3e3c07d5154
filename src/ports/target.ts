// Where a service runs.

import type { EffectKey, EffectOutcome, SlotSpec } from "../core/effect.ts";
import type { LaneKey } from "../core/lane.ts";
import type { TargetState } from "../core/snapshot.ts";

/** Errors of the outside become an EffectOutcome inside the driver; only observe() may throw. */
export interface Target {
  /** Throws where it could not look: that is `unseen`, never "nothing there". */
  observe(lane: LaneKey, signal: AbortSignal): Promise<TargetState>;
  /**
   * Makes the slot be as the spec says, from now on and by itself: the call returns once the order
   * is durably taken, not once it is carried out. An order with a generation below the highest one
   * taken in this lane is refused with code `stale-generation`; the same order again is `applied`.
   * Instances that go away are drained first.
   */
  apply(key: EffectKey, spec: SlotSpec, signal: AbortSignal): Promise<EffectOutcome>;
}
