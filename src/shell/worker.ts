// What a replica does with its wake-ups. Several run at once, of different runs; two of one run are
// harmless, since compare-and-set lets one win.

import type { QueueHandlers } from "../ports/queue.ts";
import { carryOut } from "./carry-out.ts";
import type { ShellParts } from "./parts.ts";
import { pass } from "./pass.ts";
import { sweep } from "./sweep.ts";

/** The signal ends whatever is under way when the process shuts down. */
export const queueHandlers = (parts: ShellParts, signal: AbortSignal): QueueHandlers => ({
  wake: (run) => pass(parts, run, signal),
  effect: (id) => carryOut(parts, id, signal),
  sweep: async () => {
    await sweep(parts);
  },
});
