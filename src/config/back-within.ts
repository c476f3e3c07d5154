// How long a way back may take, as it is written: one time, or one for each tier.

import * as z from "zod";
import type { RollbackPolicy, TierTimes } from "../core/playbook.ts";
import type { RollbackTier } from "../core/step.ts";
import { formatDuration } from "../core/units.ts";
import { complain, field, section } from "./leaf.ts";
import { duration } from "./quantities.ts";

const TIERS = ["immediate", "gradual", "full"] as const;

type Written = number | Readonly<Partial<Record<RollbackTier, number | undefined>>>;

/** `usual`: where nothing is said. */
export const backWithin = (usual: string) =>
  z
    .union([
      duration({ min: 1 }),
      section({
        immediate: field(
          duration({ min: 1 }).optional(),
          `Of a way back of this tier. Default: ${usual}.`,
          "5m",
        ),
        gradual: field(
          duration({ min: 1 }).optional(),
          "The same, not shorter than `immediate`. Default: as long.",
          "30m",
        ),
        full: field(
          duration({ min: 1 }).optional(),
          "The same, not shorter than `gradual`. Default: as long.",
          "2h",
        ),
      }),
    ])
    .prefault(usual);

/** Of a map, the time of each tier; `usualMs`: of the first where it says nothing. Faults are
 * reported at `within`. */
export const withinOf = (
  ctx: Parameters<typeof complain>[0],
  written: Written,
  { tier, usualMs }: { readonly tier: RollbackTier; readonly usualMs: number },
): Pick<RollbackPolicy, "withinMs" | "tierWithinMs"> => {
  if (typeof written === "number") return { withinMs: written };
  const immediate = written.immediate ?? usualMs;
  const gradual = written.gradual ?? immediate;
  const times: TierTimes = { immediate, gradual, full: written.full ?? gradual };
  TIERS.forEach((one, index) => {
    const before = TIERS[index - 1];
    if (before === undefined || times[one] >= times[before]) return;
    const least = formatDuration(times[before]);
    const message = `expected at least ${least}, as ${before}, found ${formatDuration(times[one])}`;
    const hint = "each tier has in it what the one before has";
    complain(ctx, { code: "within-not-rising", message, hint }, ["within", one]);
  });
  return { withinMs: times[tier], tierWithinMs: times };
};
