// Shares in percent with three digits behind the point, rounded so that they never look better than
// they are: 99.9999 % of the tests is not 100 %.

import type { EvidenceValue } from "../core/evidence/evidence.ts";

type Amount = Extract<EvidenceValue, { readonly unit: "percent" | "ms" | "count" }>;

/** Where more is better: rounded down. Of nothing it is 0. */
export const shareOf = (part: number, whole: number): Amount => ({
  unit: "percent",
  value: whole <= 0 ? 0 : Math.min(100, Math.floor((part * 100_000) / whole) / 1_000),
});

/** A rate from 0 to 1 where more is better. */
export const shareOfRate = (rate: number): Amount => ({
  unit: "percent",
  // What a double makes of 0.57 must not become 56.999.
  value: Math.floor(rate * 100_000 + 1e-6) / 1_000,
});

/** A rate from 0 to 1 where less is better: rounded up. */
export const errorShare = (rate: number): Amount => ({
  unit: "percent",
  value: Math.min(100, roundedUp(rate * 100)),
});

export const counted = (value: number): Amount => ({ unit: "count", value });

/** Rounded up to a microsecond. */
export const milliseconds = (value: number): Amount => ({ unit: "ms", value: roundedUp(value) });

/** To three digits behind the point; what a double adds of its own does not count. Never -0. */
const roundedUp = (value: number): number => Math.max(0, Math.ceil(value * 1_000 - 1e-6)) / 1_000;
