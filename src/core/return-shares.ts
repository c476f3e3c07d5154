// Traffic that returns by shares, in the tier `gradual`: which shares, what is watched meanwhile,
// and which steps of a way back they become. Why the rest is passed over, hurry.ts says.

import { versionOf } from "./ids.ts";
import type { DurationMs, Instant, Permille } from "./ids.ts";
import { stepsOf } from "./moving.ts";
import type { PlanBody } from "./plan.ts";
import type { Run } from "./run.ts";
import { neededQueries } from "./sampling.ts";
import type { JudgedSlots } from "./sampling.ts";
import type { MetricQuery } from "./series.ts";
import type { Snapshot } from "./snapshot.ts";
import type { BakeStep, RollbackTier, ShiftStep, Step } from "./step.ts";
import { percentText } from "./strategies/strategy-steps.ts";
import type { Condition } from "./threshold.ts";

/** A share on the way, or the watch at it: what a way back that is in a hurry passes over. */
export const isOnTheWay = ({ state, plan }: Run, step: Step): boolean => {
  if (state.kind === "back") return isShareOf(step, (share) => share > 0);
  return plan.strategy === "rollback" && isShareOf(step, (share) => share < 1000);
};

const isShareOf = (step: Step, partly: (candidate: Permille) => boolean): boolean =>
  step.kind === "bake" || (step.kind === "shift" && partly(step.candidate));

/** It is on its way back, or a rollback, and has a share before it or is at one. */
export const returnsByShares = (run: Run): boolean => {
  const { state, plan, settled, atOnce } = run;
  // Most runs, at every look.
  if (state.kind !== "back" && plan.strategy !== "rollback") return false;
  if (settled !== null || atOnce !== undefined || state.kind === "ended") return false;
  const at = state.kind === "queued" ? 0 : state.step;
  return stepsOf(run)
    .slice(at)
    .some((step) => isOnTheWay(run, step));
};

/** Of what is left behind: as they were written, below what it has now. None where all of it goes
 * at once: the tier has no shares, or there is nothing to share with. */
export const sharesBack = (
  run: Run,
  { lane, router }: Pick<Snapshot, "lane" | "router">,
  tier: RollbackTier,
): readonly Permille[] => {
  const { plan, slots, state } = run;
  if (tier !== "gradual" || plan.strategy === "rollback" || state.kind !== "forward") return [];
  if (lane.stable === null || slots === null || slots.stable === slots.candidate) return [];
  const passed = plan.steps.slice(0, state.step);
  const reached = passed.findLast((step): step is ShiftStep => step.kind === "shift");
  // An order on its way may never arrive, and no share must be more than there was.
  const seen =
    router.kind === "seen" ? router.value.weights[slots.candidate] : (reached?.candidate ?? 0);
  const has = Math.min(run.weight, seen);
  return (plan.rollback.traffic?.shares ?? []).filter((share) => share < has);
};

/** Of a way back: the candidate keeps less and less. */
export const backShareSteps = (shares: readonly Permille[], plan: PlanBody): readonly Step[] =>
  shareSteps(shares, plan, (share) => ({
    id: `back-shift-${percentText(share)}`,
    title: `${percentText(share)} % of the traffic stays with ${versionOf(plan.release.id)}`,
    candidate: share,
    bakeId: `back-bake-${percentText(share)}`,
  }));

/** Of a rollback that is a run of its own, to `plan.release`: it gets what the other loses. */
export const rollbackShareSteps = (shares: readonly Permille[], plan: PlanBody): readonly Step[] =>
  shareSteps(shares, plan, (share) => {
    const percent = percentText(1000 - share);
    return {
      id: `shift-${percent}`,
      title: `shift ${percent} % of traffic to ${versionOf(plan.release.id)}`,
      candidate: 1000 - share,
      bakeId: `bake-${percent}`,
    };
  });

type Named = Pick<ShiftStep, "id" | "title" | "candidate"> & { readonly bakeId: string };

const shareSteps = (
  shares: readonly Permille[],
  { shiftWithinMs, rollback }: PlanBody,
  named: (share: Permille) => Named,
): readonly Step[] =>
  shares.flatMap((share): readonly Step[] => {
    const { bakeId, ...shift } = named(share);
    const bakeMs = rollback.traffic?.bakeMs ?? 0;
    const watched = bakeMs === 0 ? [] : [watchStep(bakeId, shift.candidate, bakeMs)];
    return [{ kind: "shift", ...shift, withinMs: shiftWithinMs }, ...watched];
  });

/** Nothing is judged at its end: what speaks against it is heard at once, and goes the same way. */
const watchStep = (id: string, share: Permille, forMs: DurationMs): BakeStep => ({
  kind: "bake",
  id,
  title: `watch at ${percentText(share)} %`,
  forMs,
  gates: [],
  patienceMs: 0,
  onPatienceEnd: "hold",
  holdForMs: 0,
  onHoldEnd: "hold",
});

/** The slot that loses its traffic is judged, beside the one that gets it. Throws before the run
 * has its lane, and where there is only one. */
export const leavingSlots = (run: Run): JudgedSlots => {
  const { slots, state } = run;
  if (slots === null || slots.stable === null) throw new Error(`run ${run.id} has no two slots`);
  return state.kind === "back"
    ? { judged: slots.candidate, stable: slots.stable }
    : { judged: slots.stable, stable: slots.candidate };
};

/** The triggers, each at its newest sample alone: where the way is decided already, nobody waits
 * until it has held for long. */
export const leavingConditions = ({ plan, state }: Run): readonly Condition[] =>
  (state.kind === "back" ? plan.triggers : (plan.leaving ?? [])).map((condition) =>
    condition.kind === "metric" ? { ...condition, forMs: 0 } : condition,
  );

export const leavingQueries = (run: Run, now: Instant): readonly MetricQuery[] => {
  const { analysis } = run.plan;
  const slots = leavingSlots(run);
  const triggers = leavingConditions(run);
  const queries = neededQueries({ triggers, baking: null, now, analysis, slots });
  if (run.state.kind !== "back" || run.touchedAt === null) return queries;
  const since = run.touchedAt;
  return queries.map((query) => (query.slot === slots.judged ? { ...query, since } : query));
};

/** The bakes that are left of the way, and of the one under way what is left of it. */
export const restOfBakesMs = (run: Run, now: Instant): DurationMs => {
  const { state } = run;
  if (state.kind !== "back" && state.kind !== "forward") return 0;
  const bakes = stepsOf(run)
    .slice(state.step)
    .map((step) => (step.kind === "bake" && isOnTheWay(run, step) ? step.forMs : 0));
  const under = bakes[0] ?? 0;
  const gone = Math.min(under, Math.max(0, now - state.since));
  return bakes.reduce((sum, ms) => sum + ms, 0) - gone;
};
