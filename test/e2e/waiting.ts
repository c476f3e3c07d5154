// Waiting for conditions instead of sleeping: every wait has a deadline and says what it missed.

import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/** What is awaited can no longer come: thrown by a look, it ends the wait. */
export class Vain extends Error {
  override readonly name = "Vain";
}

/** The first value that is not null. `what` is said when the deadline passes; an error thrown by
 * `look` counts as not yet, unless it is a Vain, and the last one is part of what is said. */
export const until = async <T>(
  what: string,
  withinMs: number,
  look: () => T | null | Promise<T | null>,
): Promise<T> => {
  let last = "";
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(POLL_MS)) {
    try {
      const found = await look();
      if (found !== null) return found;
      last = "";
    } catch (error) {
      if (error instanceof Vain) throw error;
      last = `: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  throw new Error(`${what}: not within ${withinMs / 1_000} s${last}`);
};
