// Deadlines in virtual time. A signal remembers when it is due, so that only a call which would
// outlast it needs an event of its own.

import type { DurationMs, Instant } from "../core/ids.ts";
import type { Timeline } from "./timeline.ts";

export interface Deadlines {
  /** A signal that is due after the time, or when `parent` is aborted. */
  after(ms: DurationMs, parent: AbortSignal): AbortSignal;
  /** Calls back when the signal is aborted before `until`, at the instant when it is. */
  before(signal: AbortSignal, until: Instant, aborted: () => void): void;
}

interface Due {
  readonly controller: AbortController;
  readonly at: Instant;
  readonly parent: AbortSignal;
}

export const deadlines = (time: Timeline): Deadlines => {
  const dues = new WeakMap<AbortSignal, Due>();
  const before = (signal: AbortSignal, until: Instant, aborted: () => void): void => {
    const due = dues.get(signal);
    if (due === undefined) {
      if (signal.aborted) aborted();
      else signal.addEventListener("abort", aborted, { once: true });
      return;
    }
    const abort = (): void => {
      due.controller.abort("over");
      aborted();
    };
    if (due.at < until) time.after(due.at - time.now(), abort);
    before(due.parent, until, abort);
  };
  return {
    after: (ms, parent) => {
      const controller = new AbortController();
      const at = (time.now() + ms) as Instant;
      dues.set(controller.signal, { controller, at, parent });
      return controller.signal;
    },
    before,
  };
};
