// Lets everything that can run run, until it waits for the next event. Between two callbacks of
// setImmediate Node empties its queue of promises; many callbacks at a time save turns of its loop.

const AT_A_TIME = 64;

/** Each call resolves once all that was ready to run has run. One caller at a time. */
export const pump = (): (() => Promise<void>) => {
  let waiting: (() => void) | null = null;
  let queued = 0;
  const turn = (): void => {
    queued -= 1;
    const go = waiting;
    waiting = null;
    go?.();
  };
  return () =>
    new Promise((resolve) => {
      waiting = resolve;
      if (queued > 0) return;
      for (; queued < AT_A_TIME; queued += 1) setImmediate(turn);
    });
};
