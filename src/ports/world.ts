// Time and chance. The only way the shell gets at either; the simulator has its own.

import type { DurationMs, Instant } from "../core/ids.ts";

export interface World {
  now(): Instant;
  /** Resolves after the time has passed, or at once when the signal is aborted. */
  sleep(ms: DurationMs, signal?: AbortSignal): Promise<void>;
  /** Aborted after the time has passed, or with the given signal. */
  deadline(ms: DurationMs, signal: AbortSignal): AbortSignal;
  /** A new id of lower-case letters and digits, unguessable and without repetition. */
  newId(): string;
}
