// What a replica does with its wake-ups. Several runs at once, but one pass of a run at a time: two
// would be harmless, since compare-and-set lets one win, and would keep each other from work.

import type { RunId } from "../core/ids.ts";
import type { QueueHandlers } from "../ports/queue.ts";
import { carryOut } from "./carry-out.ts";
import type { ShellParts } from "./parts.ts";
import { pass } from "./pass.ts";
import { sweep } from "./sweep.ts";

/** The signal ends whatever is under way when the process shuts down. */
export const queueHandlers = (parts: ShellParts, signal: AbortSignal): QueueHandlers => ({
  wake: oneAtATime((run) => pass(parts, run, signal)),
  effect: (id) => carryOut(parts, id, signal),
  sweep: async () => {
    await sweep(parts);
  },
});

/** A wake-up that comes while a pass is under way is one more pass after it, however many come. */
export const oneAtATime = (
  work: (run: RunId) => Promise<void>,
): ((run: RunId) => Promise<void>) => {
  const underWay = new Map<RunId, { again: Promise<void> | null; readonly now: Promise<void> }>();
  const begin = (run: RunId): Promise<void> => {
    const now = work(run).finally(() => {
      const entry = underWay.get(run);
      if (entry?.now === now && entry.again === null) underWay.delete(run);
    });
    underWay.set(run, { again: null, now });
    return now;
  };
  return (run) => {
    const busy = underWay.get(run);
    if (busy === undefined) return begin(run);
    busy.again ??= busy.now.then(
      () => begin(run),
      () => begin(run),
    );
    return busy.again;
  };
};
