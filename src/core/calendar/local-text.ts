// Moments for people, on the clock of a zone, with the distance from UTC that tells a repeated hour
// from its first showing.

import type { Instant } from "../ids.ts";

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** `Tue 2026-11-24 10:00 -05:00`; seconds only where there are some. */
export const localText = (at: Instant, zone: string): string => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const weekday = WEEKDAYS[local.dayOfWeek - 1] ?? "";
  const time = local.toPlainTime().toString({
    smallestUnit: local.second === 0 ? "minute" : "second",
  });
  return `${weekday} ${local.toPlainDate().toString()} ${time} ${local.offset}`;
};
