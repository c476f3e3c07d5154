// The four strategies as they are written and as the domain has them.

import * as z from "zod";
import { formatPermille } from "../core/units.ts";
import { verify } from "./probes.ts";
import { bakeFields, bakePolicy, gates, stability, stabilityPolicy } from "./bakes.ts";
import { TRIGGERS_ALONE, type BakeManner } from "./bakes.ts";
import { canarySteps, stopsOf, weightsOf, type WrittenStrategy } from "./canary-steps.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { amount, duration } from "./quantities.ts";

const FULL = 1000;

const headFields = () => ({
  readyWithin: field(
    duration({ min: 1 }).prefault("10m"),
    "How long instances may take to become ready before the step counts as failed.",
    "5m",
  ),
  shiftWithin: field(
    duration({ min: 1 }).prefault("2m"),
    "How long the router may take to be seen with a new weight.",
    "30s",
  ),
  verify: field(
    verify().optional(),
    "Probes before the release gets its first traffic. Default: readiness alone.",
  ),
  stability: field(
    stability().prefault("5m"),
    "How long it is watched at full traffic before it counts as known good, or a map for more.",
    "30m",
  ),
});

const keepWarm = () =>
  field(
    duration().prefault("10m"),
    "How long the old release stays up after success: going back to it then is instant.",
    "1h",
  );

type HeadFields = z.output<z.ZodObject<ReturnType<typeof headFields>>>;

const strategyHead = (raw: HeadFields, like: BakeManner) => ({
  readyWithinMs: raw.readyWithin,
  shiftWithinMs: raw.shiftWithin,
  verify: raw.verify ?? null,
  stability: stabilityPolicy(raw.stability, like),
});

const canaryFields = () => ({
  steps: field(
    canarySteps(),
    "Shares of traffic for the new release, rising, the last one 100%; a map where something is " +
      "asked before a share.",
    ["5%", { weight: "25%", before: [{ approval: { from: ["release-managers"] } }] }, "100%"],
  ),
  bake: field(duration().prefault("15m"), "How long each step is watched.", "10m"),
  advance: field(
    gates().prefault([]),
    "What must hold over the whole bake to go on. Without any, the triggers alone judge.",
    ["errorRate < 0.1%", "p95 < 200ms"],
  ),
  ...bakeFields(),
  ...headFields(),
  keepWarm: keepWarm(),
});

const canary = () =>
  section(canaryFields()).transform((raw, ctx): WrittenStrategy => {
    const weights = weightsOf(raw.steps);
    checkWeights(weights, ctx);
    const bake = bakePolicy(ctx, { ...raw, forMs: raw.bake, gates: raw.advance });
    return {
      kind: "canary",
      weights,
      stops: stopsOf(raw.steps),
      bake,
      keepWarmMs: raw.keepWarm,
      ...strategyHead(raw, bake),
    };
  });

const checkWeights = (steps: readonly number[], ctx: IssueContext): void => {
  steps.forEach((weight, index) => {
    const before = steps[index - 1] ?? 0;
    if (weight > before) return;
    const message = `expected more than ${formatPermille(before)}, found ${formatPermille(weight)}`;
    complain(
      ctx,
      { code: "weights-not-rising", message, hint: "steps rise from one to the next" },
      ["steps", index],
    );
  });
  const last = steps.at(-1) ?? 0;
  if (last !== FULL) {
    const message = `expected 100% as the last step, found ${formatPermille(last)}`;
    complain(ctx, { code: "weights-not-full", message, hint: "add 100%" }, [
      "steps",
      steps.length - 1,
    ]);
  }
};

const blueGreenFields = () => ({ ...headFields(), keepWarm: keepWarm() });

const blueGreen = () =>
  section(blueGreenFields()).transform((raw): WrittenStrategy => ({
    kind: "blueGreen",
    keepWarmMs: raw.keepWarm,
    ...strategyHead(raw, TRIGGERS_ALONE),
  }));

const rollingFields = () => ({
  maxSurge: field(
    amount().prefault("25%"),
    "Instances above the usual number while it goes on; a percentage is rounded up.",
    1,
  ),
  maxUnavailable: field(
    amount().prefault(0),
    "Instances below the usual number while it goes on; a percentage is rounded down.",
    "25%",
  ),
  ...headFields(),
});

const rolling = () =>
  section(rollingFields()).transform((raw, ctx): WrittenStrategy => {
    const isNone = (value: typeof raw.maxSurge): boolean =>
      value.kind === "count" ? value.count === 0 : value.percent === 0;
    if (isNone(raw.maxSurge) && isNone(raw.maxUnavailable)) {
      const message =
        "expected maxSurge or maxUnavailable above 0: with both at 0 no instance can be replaced";
      complain(ctx, { code: "cannot-roll", message, hint: "write maxSurge: 1" });
    }
    return {
      kind: "rolling",
      maxSurge: raw.maxSurge,
      maxUnavailable: raw.maxUnavailable,
      ...strategyHead(raw, TRIGGERS_ALONE),
    };
  });

const recreate = () =>
  section(headFields()).transform((raw): WrittenStrategy => ({
    kind: "recreate",
    ...strategyHead(raw, TRIGGERS_ALONE),
  }));

/** Keys of an item in `deploy` that make it the strategy. */
export const strategyKeys = () => ({
  canary: field(canary().optional(), "Moves traffic in steps and watches each of them."),
  blueGreen: field(
    blueGreen().optional(),
    "Brings the new release up beside the old one and moves all traffic at once.",
  ),
  rolling: field(rolling().optional(), "Replaces instances a few at a time."),
  recreate: field(
    recreate().optional(),
    "Stops the old release, then starts the new one: a short outage.",
  ),
});

/** Their fields, for changes of a few of them. */
export const strategyFields = () => ({
  canary: canaryFields(),
  blueGreen: blueGreenFields(),
  rolling: rollingFields(),
  recreate: headFields(),
});
