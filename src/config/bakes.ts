// How a bake is written: its gates, its patience, and what follows when it cannot be passed.

import * as z from "zod";
import type { BakePolicy } from "../core/playbook.ts";
import { formatDuration } from "../core/units.ts";
import { gate } from "./conditions.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { choice } from "./values.ts";

const MAX_GATES = 50;

export const gates = () => z.array(gate()).max(MAX_GATES);

/** How a bake is judged, but for its length. */
export const bakeFields = () => ({
  patience: field(
    duration().optional(),
    "How long, from the bake's beginning, it may wait for enough data. Default: twice the bake.",
    "30m",
  ),
  onPatienceEnd: field(
    choice(["back", "hold"]).prefault("back"),
    "What follows when there is still too little data: go back, or wait for a person.",
    "hold",
  ),
  holdFor: field(
    duration().prefault("30m"),
    "How long a failed condition, without any trigger, holds the run where it is.",
    "1h",
  ),
  onHoldEnd: field(
    choice(["back", "hold"]).prefault("back"),
    "What follows then: go back, or wait for a person.",
    "hold",
  ),
});

type BakeFields = z.output<z.ZodObject<ReturnType<typeof bakeFields>>>;

/** Faults are reported at `patience` and `advance` of the map that is being read. */
export const bakePolicy = (
  ctx: IssueContext,
  raw: BakeFields & { readonly forMs: number; readonly gates: BakePolicy["gates"] },
): BakePolicy => {
  const patience = raw.patience ?? 2 * raw.forMs;
  if (patience < raw.forMs) {
    const least = formatDuration(raw.forMs);
    const message = `expected at least the bake, ${least}, found ${formatDuration(patience)}`;
    complain(
      ctx,
      { code: "patience-too-short", message, hint: "patience counts from the bake's beginning" },
      ["patience"],
    );
  }
  if (raw.forMs === 0 && raw.gates.length > 0) {
    const message = "expected no conditions: over a bake of 0s nothing can be measured";
    complain(
      ctx,
      {
        code: "gates-without-bake",
        message,
        hint: "lengthen the bake or leave the conditions out",
      },
      ["advance"],
    );
  }
  return {
    forMs: raw.forMs,
    gates: raw.gates,
    patienceMs: Math.max(0, patience - raw.forMs),
    onPatienceEnd: raw.onPatienceEnd,
    holdForMs: raw.holdFor,
    onHoldEnd: raw.onHoldEnd,
  };
};

/** A duration alone, judged as the strategy's other bakes are, or a policy of its own. Gates null:
 * those of the strategy. */
type Stability =
  number | (Omit<BakePolicy, "gates"> & { readonly gates: BakePolicy["gates"] | null });

export const stability = () =>
  z.union([
    duration(),
    section({
      for: field(duration(), "How long.", "30m"),
      advance: field(
        gates().optional(),
        "What must hold over that time. Default: the canary's `advance`, none elsewhere.",
        ["errorRate < 0.1%"],
      ),
      ...bakeFields(),
    }).transform((raw, ctx): Stability => {
      const policy = bakePolicy(ctx, { ...raw, forMs: raw.for, gates: raw.advance ?? [] });
      return { ...policy, gates: raw.advance ?? null };
    }),
  ]);

/** What a bake is judged by, whatever its length. */
export type BakeManner = Omit<BakePolicy, "forMs" | "patienceMs">;

/** Of strategies without steps: the triggers alone judge. */
export const TRIGGERS_ALONE: BakeManner = {
  gates: [],
  onPatienceEnd: "back",
  holdForMs: 1_800_000,
  onHoldEnd: "back",
};

export const stabilityPolicy = (raw: Stability, like: BakeManner): BakePolicy => {
  const own = typeof raw === "number" ? { ...like, gates: null, forMs: raw, patienceMs: raw } : raw;
  return { ...own, gates: own.gates ?? (own.forMs > 0 ? like.gates : []) };
};
