// Which waivers count: those with a reason, an owner and an expiry that has not come yet. The rest
// is kept with what it lacks, so that people see why it did not help.

import type { Instant } from "../ids.ts";
import type { Waiver } from "./evidence.ts";

export type WaiverInForce = Waiver & { readonly until: Instant };

export interface Waivers {
  /** By what it is of, the one that lasts longest. */
  readonly inForce: ReadonlyMap<string, WaiverInForce>;
  /** By what it is of, the last one that does not count, with what it lacks. */
  readonly ignored: ReadonlyMap<string, { readonly waiver: Waiver; readonly why: string }>;
}

export const waiversAt = (waivers: readonly Waiver[], now: Instant): Waivers => {
  const inForce = new Map<string, WaiverInForce>();
  const ignored = new Map<string, { readonly waiver: Waiver; readonly why: string }>();
  for (const waiver of waivers) {
    const why = lackOf(waiver, now);
    if (why !== null || waiver.until === null) {
      ignored.set(waiver.what, { waiver, why: why ?? "it has no expiry" });
      continue;
    }
    const other = inForce.get(waiver.what);
    if (other === undefined || other.until < waiver.until) {
      inForce.set(waiver.what, { ...waiver, until: waiver.until });
    }
  }
  return { inForce, ignored };
};

/** Null: nothing. */
const lackOf = (waiver: Waiver, now: Instant): string | null => {
  if (waiver.reason.trim() === "") return "it has no reason";
  if (waiver.owner.trim() === "") return "it has no owner";
  if (waiver.until === null) return "it has no expiry";
  return waiver.until <= now ? `it ended ${timeText(waiver.until)}` : null;
};

/** `2026-11-24 10:00:00Z` */
export const timeText = (at: Instant): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toString({ smallestUnit: "second" }).replace("T", " ");
