// Watching a run: which samples a pass needs, the baseline before anything is touched, and the
// triggers from the first order until the outcome is certain.

import { openAlerts } from "./alerts.ts";
import { captureBaseline as reduceBaseline, judgeTrigger } from "./analysis.ts";
import { change, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import type { Instant } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Sight } from "./measure.ts";
import type { Reason } from "./reason.ts";
import { leavingQueries, returnsByShares } from "./return-shares.ts";
import type { Run } from "./run.ts";
import { alignDown, baselineQueries, neededQueries as queriesFor } from "./sampling.ts";
import type { Baking, JudgedSlots } from "./sampling.ts";
import type { MetricQuery } from "./series.ts";
import type { Snapshot } from "./snapshot.ts";
import type { BakeStep } from "./step.ts";
import type { Condition } from "./threshold.ts";

/** All that this pass will judge by. Nothing once the outcome is certain, or the run goes back at
 * once. */
export const neededQueries = (run: Run, lane: Lane, now: Instant): readonly MetricQuery[] => {
  if (run.settled !== null) return [];
  if (run.touchedAt === null) return beforeQueries(run, lane, now);
  if (returnsByShares(run)) return leavingQueries(run, now);
  if (run.state.kind !== "forward") return [];
  const slots = judgedSlots(run);
  const { triggers, analysis } = run.plan;
  const since = run.touchedAt;
  return queriesFor({ triggers, baking: bakingOf(run, now), now, analysis, slots }).map((query) =>
    query.slot === slots.judged ? { ...query, since } : query,
  );
};

const beforeQueries = (run: Run, lane: Lane, now: Instant): readonly MetricQuery[] => {
  const stable = lane.stable?.slot;
  if (stable === undefined || run.state.kind === "ended") return [];
  return baselineQueries({
    conditions: allConditions(run),
    stable,
    now,
    analysis: run.plan.analysis,
  });
};

const allConditions = (run: Run): readonly Condition[] => [
  ...run.plan.triggers,
  ...run.plan.steps.flatMap((step) => (step.kind === "bake" ? step.gates : [])),
];

const bakingOf = (run: Run, now: Instant): Baking | null => {
  const { state } = run;
  if (state.kind !== "forward") return null;
  const step = run.plan.steps[state.step];
  if (step?.kind !== "bake") return null;
  return { conditions: step.gates, since: bakeSince(step, state.since, now, run) };
};

/** A bake that outlasts its time is judged over its own length, the newest part of it. */
export const bakeSince = (step: BakeStep, since: Instant, now: Instant, run: Run): Instant => {
  const lengthMs = Math.max(step.forMs, run.plan.analysis.windowMs);
  const sampledAt = alignDown(now, run.plan.analysis.intervalMs);
  return later(sampledAt, -lengthMs) > since ? later(sampledAt, -lengthMs) : since;
};

/** Throws before the run has its lane. */
const judgedSlots = (run: Run): JudgedSlots => {
  if (run.slots === null) throw new Error(`run ${run.id} has no slots to judge`);
  const { candidate, stable } = run.slots;
  return { judged: candidate, stable: stable === candidate ? null : stable };
};

export const sightOf = (run: Run, snapshot: Snapshot): Sight => ({
  series: snapshot.metrics,
  baseline: run.baseline,
  analysis: run.plan.analysis,
  slots: judgedSlots(run),
});

/** Keeps what the stable slot measures, pass by pass, until the run touches something. */
export const captureBaseline = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const stable = snapshot.lane.stable?.slot;
  if (run.touchedAt !== null || stable === undefined || snapshot.metrics.length === 0) return draft;
  const asked = { conditions: allConditions(run), stable, now, analysis: run.plan.analysis };
  const captured = reduceBaseline(asked, snapshot.metrics);
  return change(draft, { baseline: { ...run.baseline, ...captured } });
};

export interface Watched {
  readonly draft: Draft;
  readonly breach: { readonly trigger: string; readonly reasons: readonly Reason[] } | null;
}

/** Triggers are armed from the first order on, through holds and freezes. */
export const watch = (draft: Draft): Watched => {
  const { run, snapshot, now } = draft;
  if (run.touchedAt === null) return { draft, breach: null };
  const sight = { ...sightOf(run, snapshot), now, alerts: openAlerts(snapshot.facts) };
  const verdicts = run.plan.triggers.map((condition) => judgeTrigger(condition, sight));
  const breached = verdicts.find((verdict) => verdict.kind === "holds");
  const seen = say(draft, ...verdicts.flatMap((verdict) => verdict.reasons.slice(0, 1)));
  const watching = run.plan.triggers.length === 0 ? seen : wake(seen, nextSample(run, now));
  if (breached === undefined) return { draft: watching, breach: null };
  return {
    draft: watching,
    breach: { trigger: breached.condition.text, reasons: breached.reasons },
  };
};

export const nextSample = (run: Run, now: Instant): Instant =>
  later(alignDown(now, run.plan.analysis.intervalMs), run.plan.analysis.intervalMs);
