// Planted bugs of holds, emergencies and ways back: decisions that are no longer what was decided
// when the store gets them.

import type { Plan } from "../core/plan.ts";
import { instant } from "../core/ids.ts";
import { reachedStep } from "./reached.ts";
import type { Commit, StoredPass } from "../ports/store.ts";
import type { ShellParts } from "../shell/parts.ts";

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

/** A way back gives nearly all traffic to what it leaves, but for its end. */
export const returnsRising = (commit: Commit): Commit => {
  const { decision } = commit;
  const { state, slots } = decision.run;
  if (state.kind !== "back" || slots === null) return commit;
  const { candidate } = slots;
  const effects = decision.effects.map((effect) =>
    effect.kind === "route" && effect.weights[candidate] > 0
      ? { ...effect, weights: { ...NEARLY_NONE, [candidate]: 999 } }
      : effect,
  );
  return { ...commit, decision: { ...decision, effects } };
};
const NEARLY_NONE = { blue: 1, green: 1 } as const;

/** Whatever the share, its time is over. */
export const sharesInNoTime = (stored: StoredPass): StoredPass => {
  const { run } = stored;
  const { state } = run;
  if (state.kind !== "back" || reachedStep(run)?.kind !== "bake") return stored;
  return { ...stored, run: { ...run, state: { ...state, since: instant(0) } } };
};

/** On its way back nobody hears that it is to hurry. */
export const hasteUnheard = (stored: StoredPass): StoredPass =>
  stored.run.state.kind === "back"
    ? { ...stored, facts: stored.facts.filter(({ kind }) => kind !== "rollback") }
    : stored;

/** Whoever plans a rollback anew remembers only where it was to go. */
export const tierForgotten = (parts: ShellParts): ShellParts => ({
  ...parts,
  replan: async (run, lane) => {
    const fresh = await parts.replan(run, lane);
    if (fresh?.kind !== "plan" || fresh.plan.strategy !== "rollback") return fresh;
    const { plan } = fresh;
    const steps = plan.steps.filter(({ id }) => !id.startsWith("undo-"));
    const rollback = { ...plan.rollback, tier: "immediate" } as const;
    return { ...fresh, plan: { ...plan, steps, rollback } };
  },
});

/** It plans it anew as far as was asked for, and leaves out what that takes back. */
export const undosForgotten = (parts: ShellParts): ShellParts => ({
  ...parts,
  replan: async (run, lane) => {
    const fresh = await parts.replan(run, lane);
    if (fresh?.kind !== "plan" || fresh.plan.strategy !== "rollback") return fresh;
    const steps = fresh.plan.steps.filter(({ id }) => !id.startsWith("undo-"));
    return { ...fresh, plan: { ...fresh.plan, steps } };
  },
});

/** Whatever was promised, nobody looks whether it holds. */
export const missUntold = (commit: Commit): Commit => {
  const { decision } = commit;
  const events = decision.events.filter(({ type }) => type !== "rollback.late");
  if (events.length === decision.events.length) return commit;
  const { late: _, ...run } = decision.run;
  const breach = run.breach === null ? null : { ...run.breach, reasons: [] };
  return { ...commit, decision: { ...decision, events, run: { ...run, breach } } };
};
