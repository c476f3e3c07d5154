// Whether a trigger that really held was acted on: judged from the traffic that there was, whatever
// the engine made of its samples.

import type { Broken } from "../core/checks.ts";
import { instant, type Instant } from "../core/ids.ts";
import { neededCount } from "../core/measure.ts";
import type { Plan } from "../core/plan.ts";
import { alignDown, triggerTimes } from "../core/sampling.ts";
import type { Condition, MetricCondition } from "../core/threshold.ts";
import type { Commit } from "../ports/store.ts";
import { named } from "./commit-checks.ts";
import type { Sight } from "./sight.ts";
import { valueOf, type SimMetrics } from "./world/metrics.ts";

/** Empty, unless the run goes on though a trigger of its plan held all the while, and could be
 * measured. `plan` is the one that the run began with. */
export const unfired = (
  { before, decision, at }: Commit,
  sight: Sight,
  metrics: SimMetrics,
  plan: Plan,
): readonly Broken[] => {
  const { run, lane } = before;
  const goesOn = run.state.kind === "forward" && decision.run.state.kind === "forward";
  const { touchedAt, slots, settled } = run;
  if (!goesOn || touchedAt === null || slots === null || settled !== null) return [];
  const { intervalMs, windowMs } = plan.analysis;
  // A clock that is ahead asks for what has not happened yet.
  if (sight.frozen || alignDown(at, intervalMs) > sight.loadedAt) return [];
  const held = (trigger: MetricCondition): boolean =>
    triggerTimes(trigger.forMs, at, intervalMs).every((to) => {
      const from = instant(Math.min(to, Math.max(to - windowMs, touchedAt)));
      const grown = metrics.recorded(lane, slots.candidate, from, to);
      const { value, count } = valueOf(trigger.metric, grown, windowMs);
      if (value === null || count < neededCount(trigger.metric, plan.analysis)) return false;
      return trigger.bound.kind === "absolute" && value > trigger.bound.value;
    });
  return plan.triggers
    .filter(ofTraffic)
    .filter(held)
    .map(({ text }) =>
      named("trigger-fires", `${run.id} goes on at ${timeText(at)} though ${text}`),
    );
};

/** Going back by shares: the condition that the slot it leaves really breaks at the newest sample;
 * undefined: none, or nobody could measure it. */
export const burning = (
  { before: { run, lane }, at }: Commit,
  sight: Sight,
  metrics: SimMetrics,
): Condition | undefined => {
  const { touchedAt, slots, plan } = run;
  const { intervalMs, windowMs } = plan.analysis;
  const to = alignDown(at, intervalMs);
  if (touchedAt === null || slots === null || sight.frozen || to > sight.loadedAt) return undefined;
  const from = instant(Math.min(to, Math.max(to - windowMs, touchedAt)));
  const grown = metrics.recorded(lane, slots.candidate, from, to);
  return plan.triggers.filter(ofTraffic).find(({ metric, bound }) => {
    const { value, count } = valueOf(metric, grown, windowMs);
    if (value === null || count < neededCount(metric, plan.analysis)) return false;
    return bound.kind === "absolute" && value > bound.value;
  });
};

/** What requests measure, above a fixed bound: that the oracle can tell for itself. */
const ofTraffic = (condition: Condition): condition is MetricCondition =>
  condition.kind === "metric" &&
  (condition.metric === "errorRate" || condition.metric === "p95") &&
  condition.bound.kind === "absolute" &&
  condition.comparison === ">";

const timeText = (at: Instant): string => new Date(at).toISOString();
