// What a decision claims, held against what really was: the releases' true quality and the traffic
// that the simulated router really split.

import { instant } from "../core/ids.ts";
import { neededCount } from "../core/measure.ts";
import type { Plan } from "../core/plan.ts";
import { alignDown } from "../core/sampling.ts";
import type { BakeStep } from "../core/step.ts";
import type { MetricQuery, Series } from "../core/series.ts";
import type { MetricCondition } from "../core/threshold.ts";
import type { Broken } from "../core/checks.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Sight } from "./sight.ts";
import type { QualityOf } from "./world/quality.ts";
import { valueOf, type SimMetrics } from "./world/metrics.ts";

/** How much worse than a gate's bound a release must be for its success to count as a mistake: a
 * bake sees a mixture with what was there just before. */
const MARGIN = 1.5;

/** The bake that this commit passes, if it does. */
const bakePassed = ({ before, decision }: Commit): BakeStep | null => {
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

/** Empty: the bake that this commit passes, if any, was passed on data that really were good. */
export const misjudged = (commit: Commit, sight: Sight, metrics: SimMetrics): readonly Broken[] => {
  const bake = bakePassed(commit);
  const { run, lane } = commit.before;
  if (bake === null || run.state.kind !== "forward" || run.slots === null) return [];
  const { candidate } = run.slots;
  const vouched = vouchedFor(commit, bake);
  if (sight.frozen) {
    const blind = bake.gates.length > 0 && !vouched;
    return blind ? [wrong(`${bake.id} was passed while nothing could be measured`)] : [];
  }
  const { analysis } = run.plan;
  const to = alignDown(commit.at, analysis.intervalMs);
  const lengthMs = Math.max(bake.forMs, analysis.windowMs);
  const from = instant(Math.max(run.state.since, to - lengthMs));
  const grown = metrics.recorded(lane, candidate, from, to);
  return bake.gates.flatMap((gate) => {
    if (gate.kind !== "metric" || gate.bound.kind !== "absolute") return [];
    // A person's word counts where nothing was measured over the bake, and only there.
    const asked = { metric: gate.metric, slot: candidate, windowMs: to - from, to };
    if (vouched && !sight.metrics.some((series) => measures(series, asked))) return [];
    const { value, count } = valueOf(gate.metric, grown, to - from);
    if (value === null || count < neededCount(gate.metric, analysis)) {
      const text = `${bake.id} was passed with ${count} observations of ${gate.metric}`;
      return vouched ? [] : [wrong(text)];
    }
    if (value <= gate.bound.value * MARGIN) return [];
    return [wrong(`${bake.id} was passed while ${gate.text} really was ${value}`)];
  });
};

const measures = (
  series: Series,
  { metric, slot, windowMs, to }: Pick<MetricQuery, "metric" | "slot" | "windowMs" | "to">,
): boolean =>
  series.kind === "samples" &&
  series.query.metric === metric &&
  series.query.slot === slot &&
  series.query.windowMs === windowMs &&
  series.samples.some(({ at, value }) => at === to && value !== null);

const wrong = (sentence: string): Broken => named("bake-on-data", sentence);

/** Empty: this release can honestly pass every gate of the plan. */
export const unfit = ({ steps, release }: Plan, qualityOf: QualityOf): readonly Broken[] => {
  const quality = qualityOf(release.id);
  const real: Partial<Record<MetricCondition["metric"], number>> = {
    errorRate: quality.errorPercent,
    p95: quality.p95Ms,
    healthCheckFailures: quality.readyAfterMs === null ? 100 : 0,
  };
  const gates = steps.flatMap((step) => (step.kind === "bake" ? step.gates : []));
  return gates.flatMap((gate) => {
    if (gate.kind !== "metric" || gate.bound.kind !== "absolute") return [];
    if ((real[gate.metric] ?? 0) <= gate.bound.value) return [];
    return [named("bad-never-stable", `${release.id} really fails ${gate.text}`)];
  });
};
