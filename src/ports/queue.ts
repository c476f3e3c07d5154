// Wake-ups. A run has at most one waiting; store transactions set it, the queue delivers it.

import type { RunId } from "../core/ids.ts";

export interface Queue {
  /** Delivers until stopped. A handler that throws is tried again later, with back-off. */
  start(handlers: QueueHandlers): Promise<void>;
  /** Takes no more, waits for handlers under way, within the deadline. */
  stop(deadlineMs: number): Promise<void>;
}

export interface QueueHandlers {
  /** Do a pass of this run. Late and doubled calls are harmless. */
  wake(run: RunId): Promise<void>;
  /** Carry out this once effect, `run/generation/ordinal`. */
  effect(id: string): Promise<void>;
  /** Every few seconds on every replica: expire dead claims, wake runs whose time has passed. */
  sweep(): Promise<void>;
}
