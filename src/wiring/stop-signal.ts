// When the process is told to end: from its first moment on, also while it is still starting.

/** After a second signal, or this long after the first, the process ends as it is: nothing is lost
 * by that either. */
const STOP_MS = 30_000;
/** As shells count an interrupt. */
const INTERRUPTED = 130;
const TOO_SLOW = 1;

/** What it needs of the process. */
export interface Signalled {
  on(signal: "SIGTERM" | "SIGINT", told: () => void): unknown;
  exit(code: number): void;
}

/** Resolves with the first signal. */
export const stopSignal = (process: Signalled): Promise<string> =>
  new Promise((resolve) => {
    let count = 0;
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.on(signal, () => {
        count += 1;
        if (count > 1) return process.exit(INTERRUPTED);
        setTimeout(() => process.exit(TOO_SLOW), STOP_MS).unref();
        resolve(signal);
      });
    }
  });
