// Gates, seen from the run: those that admission allows are passed before anything else is looked
// at, and what it answered is told wherever that is another answer than before.

import { admit } from "./admission/admit.ts";
import { answerOf, isSaid, recordOf } from "./admission/answer.ts";
import type { RunEvent } from "./decision.ts";
import { change, freshProgress, happen } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { isHeld } from "./held.ts";
import { moving } from "./moving.ts";
import type { Progress, Run } from "./run.ts";
import { askedBy, lookAtGate } from "./steps/gate.ts";
import type { StepContext } from "./steps/step-result.ts";
import type { Arrival } from "./travel.ts";

/** What stands behind a gate finds its traffic in order: whoever upholds it must know that the gate
 * is passed, and may do nothing as long as it is not. */
export const passGates = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const progress = moving(draft);
  const step = run.plan.steps[progress.step];
  if (step?.kind !== "gate" || isHeld(run)) return draft;
  const context: StepContext = { run, snapshot, now, progress };
  const result = lookAtGate(step, context);
  if (result.kind !== "done") return draft;
  const told = { ...draft, events: [...draft.events, ...answered(context, run)] };
  const state = { ...progress, ...freshProgress(progress.step + 1, now) };
  return passGates(happen(change(told, { state }), "step.done", result.reasons, step.id));
};

/** Tells the answers at all gates between here and where it arrived, before what followed from
 * them. */
export const tellAdmissions = (before: Draft, arrival: Arrival): Arrival => {
  const { run, snapshot, now } = before;
  const { draft } = arrival;
  const state = moving(before);
  const answers = run.plan.steps.slice(state.step, moving(draft).step + 1).flatMap((_, index) => {
    const progress: Progress = index === 0 ? state : freshProgress(state.step + index, now);
    return answered({ run, snapshot, now, progress }, run);
  });
  const told = before.events.length;
  const events = [...draft.events.slice(0, told), ...answers, ...draft.events.slice(told)];
  return { ...arrival, draft: { ...draft, events } };
};

/** None where no gate is there, or it answers as before. */
const answered = (context: StepContext, { plan, because }: Run): readonly RunEvent[] => {
  const step = plan.steps[context.progress.step];
  if (step?.kind !== "gate") return [];
  const admission = admit(askedBy(step, context), context.now);
  if (isSaid(answerOf(step.id, admission), because)) return [];
  return [{ type: "admission.decided", step: step.id, reasons: recordOf(step.id, admission) }];
};
