// Measured values against their limits.

import type { SlotName } from "../../core/lane.ts";
import type { Comparison } from "../../core/threshold.ts";

/** One measured value against its limit, as of the run's last look. */
export interface Gauge {
  readonly metric: string;
  readonly slot: SlotName | null;
  /** Null: no data. */
  readonly value: number | null;
  /** The limit in the metric's unit; null: it is relative to a baseline that is not there. */
  readonly bound: number | null;
  readonly comparison: Comparison | null;
  /** `percent`, `ms`, `perSecond` or `count`. */
  readonly unit: string;
  /** `pass` is good for the release: a gate that holds, a trigger that does not. */
  readonly verdict: "pass" | "fail" | "inconclusive";
  /** A gate must hold to go on; a trigger sends the run back when it holds. */
  readonly use: "gate" | "trigger";
  /** How long it must hold without a break, and how long it has. */
  readonly forMs: number;
  readonly heldMs: number;
  /** The condition as written. */
  readonly text: string;
}
