// Moments that people in two places must read alike: the clock of the place first, UTC beside it.

import type { LocalMoment } from "../../api/contract/local-moment.ts";
import { duration, moment } from "./amounts.ts";

/** `2026-11-24 15:00Z`; seconds only where there are some. */
export const utc = (at: number): string => moment(at).replace(/:00Z$/, "Z");

/** `Tue 2026-11-24 10:00 -05:00 (2026-11-24 15:00Z)`. */
export const bothClocks = ({ at, local }: LocalMoment): string =>
  local.endsWith(" +00:00") ? local.replace(/ \+00:00$/, "Z") : `${local} (${utc(at)})`;

/** `in 3 h 2 m`, `12 m ago`, `now`. */
export const distance = (at: number, now: number): string => {
  if (at === now) return "now";
  return at > now ? `in ${duration(at - now)}` : `${duration(now - at)} ago`;
};

/** Both clocks, and how far it is. */
export const momentText = (when: LocalMoment, now: number): string =>
  `${bothClocks(when)}, ${distance(when.at, now)}`;
