// How a playbook says that metrics are sampled, and that its triggers fit those samples.

import type { Analysis, Condition } from "../core/threshold.ts";
import { formatDuration } from "../core/units.ts";
import { complain, field, section, type IssueContext } from "./leaf.ts";
import { duration } from "./quantities.ts";
import { choice, count } from "./values.ts";

const SECOND = 1_000;
const DAY = 86_400_000;
/** Samples that one trigger may rest on: a day at the default interval. */
const MAX_SAMPLES = 5_760;

export const analysisFields = () => ({
  interval: field(
    duration({ min: SECOND, max: DAY }).prefault("15s"),
    "A new sample and a new judgement this often.",
    "10s",
  ),
  window: field(
    duration({ min: SECOND, max: DAY }).prefault("1m"),
    "Each sample covers this much time behind it; at least the interval.",
    "2m",
  ),
  minRequests: field(
    count({ min: 1, max: 1_000_000 }).prefault(50),
    "Fewer requests than this in a window give no verdict: the run waits for more.",
    100,
  ),
  baseline: field(
    section({
      from: field(
        choice(["stable", "before"]).prefault("stable"),
        "`stable`: what the stable release measures at the same time, or measured before the " +
          "run where it now has too little traffic. `before`: only what it measured before.",
        "before",
      ),
      window: field(
        duration({ min: SECOND, max: DAY }).prefault("10m"),
        "How much time before the run the measurement from before covers.",
        "30m",
      ),
    }).prefault({}),
    "What `baseline` means in conditions.",
  ),
});

export const analysis = () =>
  section(analysisFields()).transform((raw, ctx): Analysis => {
    if (raw.window < raw.interval) {
      const found = formatDuration(raw.window);
      const least = formatDuration(raw.interval);
      const message = `expected at least the interval, ${least}, found ${found}`;
      complain(
        ctx,
        { code: "window-too-short", message, hint: "a shorter window leaves time unwatched" },
        ["window"],
      );
    }
    return {
      intervalMs: raw.interval,
      windowMs: raw.window,
      minRequests: raw.minRequests,
      baseline: { from: raw.baseline.from, windowMs: raw.baseline.window },
    };
  });

export const checkSamples = (
  triggers: readonly Condition[],
  { intervalMs }: Analysis,
  ctx: IssueContext,
): void => {
  triggers.forEach((condition, index) => {
    if (condition.kind !== "metric" || condition.forMs / intervalMs <= MAX_SAMPLES) return;
    const found = `${condition.text} at one every ${formatDuration(intervalMs)}`;
    const message = `expected at most ${MAX_SAMPLES} samples, found ${found}`;
    const hint = "shorten its for, or lengthen analysis.interval";
    complain(ctx, { code: "too-many-samples", message, hint }, ["rollback", "when", index]);
  });
};
