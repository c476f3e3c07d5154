// A moment within the next hours, for people: its time of day in UTC.

import type { Instant } from "./ids.ts";

/** `11:59:58Z`. */
export const clockText = (at: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: "second" }).slice(11);
