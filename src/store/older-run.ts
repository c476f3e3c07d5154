// Runs as versions before this one wrote them, read as they are written now. Whatever is new is
// filled in so that nothing changes for them.

import type { Run } from "../core/run.ts";
import { SLUICE } from "../core/ids.ts";

type New = "noReturn" | "frozen";

/** Of the run's fields, those that are stored as one value. */
export type OlderRest<Rest extends Partial<Run>> = Omit<Rest, New> & Partial<Pick<Run, New>>;

type Holds = Pick<Run, "hold" | "frozen">;

/** How a freeze that was over, and only spread what began again, was told from one in force. */
const THAWING = "the freeze is over";

/** A freeze's hold was one by Sluice itself, in the place of a person's. */
export const presentHolds = (state: OlderRest<Holds>): Holds => {
  const { hold, frozen } = state;
  if (frozen !== undefined) return { hold, frozen };
  if (hold?.by !== SLUICE) return { hold, frozen: null };
  const { reason, since } = hold;
  return { hold: null, frozen: { reason, since, thawing: reason.startsWith(THAWING) } };
};
