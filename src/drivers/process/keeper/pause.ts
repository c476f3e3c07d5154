// Waiting within the keeper.

import { setTimeout as sleep } from "node:timers/promises";

/** Resolves after the time, or at once when the signal is or becomes aborted. */
export const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  } catch {
    // Aborted: the caller looks at its signal.
  }
};

/** Resolves when the signal is or becomes aborted; with `over` the interest in it ends, so that a
 * signal that lives long does not gather listeners. */
export const aborted = (signal: AbortSignal, over: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true, signal: over });
  });

/** Asks until the answer is yes (true) or the signal is aborted (false). */
export const until = async (
  everyMs: number,
  signal: AbortSignal,
  question: () => boolean | Promise<boolean>,
): Promise<boolean> => {
  while (!signal.aborted) {
    if (await question()) return true;
    await pause(everyMs, signal);
  }
  return false;
};
