// A moment as two people in two places can both read it.

import type { Instant } from "../../core/ids.ts";

export interface LocalMoment {
  readonly at: Instant;
  /** As the clock on the wall of the place in question shows it: weekday, date, time and distance
   * from UTC, `Tue 2026-11-24 10:00 -05:00`. */
  readonly local: string;
}
