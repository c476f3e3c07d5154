// The turn: from going forward to going back. Whatever the reason, the way is the same: to the
// release that is stable in the lane, with its capacity first.

import { change, end, freshProgress, happen, notify } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { backSteps } from "./rollback-plan.ts";
import type { Outcome, Reason } from "./run.ts";
import { percentText } from "./strategies/strategy-steps.ts";

/** A run that has touched nothing, and has nothing to clear up, simply ends. */
export const goBack = (
  draft: Draft,
  outcome: Exclude<Outcome, "succeeded">,
  trigger: string,
  reasons: readonly Reason[],
): Draft => {
  const { run, now, snapshot } = draft;
  const breach = { at: now, trigger, weight: run.weight, reasons };
  if (run.touchedAt === null && !inherits(draft)) {
    const settled = { outcome, at: now };
    const over = happen(change(draft, { settled, breach }), "run.settled", reasons);
    const text = `${run.plan.release.id} in ${run.environment} ended untouched: ${trigger}`;
    return end(notify(over, "run.ended", text, false, { outcome, trigger }), outcome);
  }
  const { stable } = snapshot.lane;
  const turned = change(draft, {
    breach,
    hold: null,
    state: {
      kind: "back",
      outcome,
      target: stable?.release ?? null,
      steps: backSteps(run, snapshot.lane),
      ...freshProgress(0, now),
    },
  });
  const where = `${run.environment} goes back at ${percentText(run.weight)} %`;
  const text = `${run.plan.release.id} in ${where}: ${trigger}`;
  const data = { trigger, weight: run.weight, to: stable?.release ?? null };
  // First, since it is what the audit record gives as the reason.
  const told = { code: "going-back", text, numbers: data };
  const began = happen(turned, "rollback.began", [told, ...reasons]);
  return notify(began, "rollback.began", text, false, data);
};

/** The run before may have left its slot to this one, which is all that would take it down. */
const inherits = ({ run, snapshot }: Draft): boolean => {
  const { slots } = run;
  if (slots === null || slots.stable === slots.candidate) return false;
  const { target } = snapshot;
  return target.kind === "unseen" || target.value.slots[slots.candidate].wanted.length > 0;
};
