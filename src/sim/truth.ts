// What a decision claims, held against what really was: the releases' true quality and the traffic
// that the simulated router really split.

import { instant } from "../core/ids.ts";
import { alignDown } from "../core/sampling.ts";
import type { BakeStep, Step } from "../core/step.ts";
import type { MetricCondition } from "../core/threshold.ts";
import type { Broken } from "../core/checks.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Sight } from "./parts.ts";
import type { QualityOf } from "./world/quality.ts";
import { valueOf, type SimMetrics } from "./world/metrics.ts";

/** How much worse than a gate's bound a release must be for its success to count as a mistake: a
 * bake sees a mixture with what was there just before. */
const MARGIN = 1.5;

/** The bake that this commit passes, if it does. */
export const bakePassed = ({ before, decision }: Commit): BakeStep | null => {
  const [was, is] = [before.run.state, decision.run.state];
  if (was.kind !== "forward" || is.kind === "back" || is.kind === "queued") return null;
  const step = before.run.plan.steps[was.step];
  const passed = is.kind === "ended" ? is.outcome === "succeeded" : is.step > was.step;
  return step?.kind === "bake" && passed ? step : null;
};

/** Somebody put their word in the place of data that could not be had. */
const vouchedFor = ({ before }: Commit, bake: BakeStep): boolean =>
  before.facts.some(
    (fact) => fact.kind === "answer" && fact.verdict === "done" && fact.step === bake.id,
  );

/** Null: the bake was passed on data that really were good. */
export const misjudged = (commit: Commit, sight: Sight, metrics: SimMetrics): Broken | null => {
  const bake = bakePassed(commit);
  const { run, lane } = commit.before;
  if (bake === null || run.state.kind !== "forward" || run.slots === null) return null;
  const vouched = vouchedFor(commit, bake);
  if (vouched && sight.frozen) return null;
  if (bake.gates.length > 0 && sight.frozen) {
    return named("bake-on-data", `${bake.id} was passed while nothing could be measured`);
  }
  const { analysis } = run.plan;
  const to = alignDown(commit.at, analysis.intervalMs);
  const lengthMs = Math.max(bake.forMs, analysis.windowMs);
  const from = instant(Math.max(run.state.since, to - lengthMs));
  for (const gate of bake.gates) {
    if (gate.kind !== "metric" || gate.bound.kind !== "absolute") continue;
    const grown = metrics.recorded(lane, run.slots.candidate, from, to);
    const { value, count } = valueOf(gate.metric, grown, to - from);
    const measured = gate.metric === "errorRate" || gate.metric === "p95" ? analysis.minRequests : 1;
    if (value === null || count < measured) {
      if (vouched) continue;
      return named("bake-on-data", `${bake.id} was passed with ${count} observations of ${gate.metric}`);
    }
    if (value > gate.bound.value * MARGIN) {
      return named("bake-on-data", `${bake.id} was passed while ${gate.text} really was ${value}`);
    }
  }
  return null;
};

/** Null, or which gate of the plan this release can never honestly pass. */
export const unfit = (
  steps: readonly Step[],
  quality: ReturnType<QualityOf>,
): MetricCondition | null => {
  const real: Partial<Record<MetricCondition["metric"], number>> = {
    errorRate: quality.errorPercent,
    p95: quality.p95Ms,
    healthCheckFailures: quality.readyAfterMs === null ? 100 : 0,
  };
  const gates = steps.flatMap((step) => (step.kind === "bake" ? step.gates : []));
  const failing = gates.find(
    (gate): gate is MetricCondition =>
      gate.kind === "metric" &&
      gate.bound.kind === "absolute" &&
      (real[gate.metric] ?? 0) > gate.bound.value,
  );
  return failing ?? null;
};
