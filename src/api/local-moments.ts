// Moments with the clock of the place they are about.

import { localText } from "../core/calendar/local-text.ts";
import type { Instant } from "../core/ids.ts";
import type { LocalMoment } from "./contract/local-moment.ts";

export const momentAt = (zone: string, at: Instant): LocalMoment => ({
  at,
  local: localText(at, zone),
});

/** Null stays null: never, or nobody knows. */
export const momentIn = (zone: string, at: Instant | null): LocalMoment | null =>
  at === null ? null : momentAt(zone, at);
