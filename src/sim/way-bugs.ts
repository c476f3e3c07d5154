// Planted bugs of holds, emergencies and ways back: decisions that are no longer what was decided
// when the store gets them.

import type { Plan } from "../core/plan.ts";
import type { Commit, StoredPass } from "../ports/store.ts";

/** A freeze that begins or ends takes away what a person holds. */
export const freezeTakesTheHold = (commit: Commit): Commit => {
  const { decision } = commit;
  const froze = decision.events.some(({ type }) => type === "run.frozen" || type === "run.thawed");
  if (!froze) return commit;
  return { ...commit, decision: { ...decision, run: { ...decision.run, hold: null } } };
};

/** Whoever reads what waits for the lane sees no emergency among it. */
export const emergencyUnseen = (stored: StoredPass): StoredPass => ({
  ...stored,
  waiting: stored.waiting.map((one) => ({ ...one, emergencyUntil: null })),
});

/** An emergency that waits believes that the lane is free. */
export const emergencyTakesAnyLane = (stored: StoredPass): StoredPass => {
  const { run, lane } = stored;
  if (run.origin.emergency === null || run.state.kind !== "queued") return stored;
  return { ...stored, lane: { ...lane, activeRun: null } };
};

/** Nothing is asked between the shares of a canary. */
export const stopsUnasked = ({ run: { plan } }: StoredPass): Plan => ({
  ...plan,
  steps: plan.steps.map((step) =>
    step.kind === "gate" && step.id.startsWith("gate-") ? { ...step, rules: [] } : step,
  ),
});
