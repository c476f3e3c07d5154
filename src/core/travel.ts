// Going through steps, forward or back: look at the present one, and while it is done at the next.
// One pass may finish several; it stops where something has to be waited for.

import { change, freshProgress, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import { moving, stepsOf } from "./moving.ts";
import { order } from "./order.ts";
import type { Reason } from "./reason.ts";
import type { Step } from "./step.ts";
import { lookAtStep } from "./steps/look-at-step.ts";
import { POLL_MS, reason } from "./steps/step-result.ts";
import type { StepResult } from "./steps/step-result.ts";
import { isPassedOver, isVerifyBack } from "./steps/way-back.ts";

/** Where a trip through the steps came to. */
export type Arrival =
  | { readonly kind: "waiting"; readonly draft: Draft }
  | {
      readonly kind: "failed";
      readonly draft: Draft;
      readonly step: Step;
      readonly result: Extract<StepResult, { kind: "fail" }>;
    }
  /** The present step is the first of the tail: the outcome is certain. */
  | { readonly kind: "proven"; readonly draft: Draft }
  | { readonly kind: "finished"; readonly draft: Draft };

export const travel = (start: Draft): Arrival => {
  let draft = start;
  for (;;) {
    const state = moving(draft);
    const step = stepsOf(draft.run)[state.step];
    if (draft.run.settled === null && isTail(draft, step)) {
      const unseen = unseenOutcome(draft);
      return unseen === null ? { kind: "proven", draft } : { kind: "waiting", draft: unseen };
    }
    if (step === undefined) return { kind: "finished", draft };
    const { run, snapshot, now } = draft;
    const result = lookAtStep(step, { run, snapshot, now, progress: state });
    if (result.kind === "fail") return { kind: "failed", draft, step, result };
    if (result.kind !== "done") return { kind: "waiting", draft: wait(draft, step, result) };
    draft = next(draft, step, result);
  }
};

/** What comes when the outcome is certain. */
const isTail = ({ run }: Draft, step: Step | undefined): boolean =>
  step === undefined || step.kind === "retire" || isVerifyBack(run, step);

/** No outcome is certain while nobody can see where the traffic goes. Null: it is seen. */
const unseenOutcome = (draft: Draft): Draft | null => {
  const { router } = draft.snapshot;
  if (draft.run.touchedAt === null || router.kind === "seen") return null;
  const text = `all is done, but the router cannot be seen: ${router.why}`;
  return wake(say(draft, reason("router-unseen", text)), later(draft.now, POLL_MS * 4));
};

const next = (draft: Draft, step: Step, done: Extract<StepResult, { kind: "done" }>): Draft => {
  const state = moving(draft);
  const moved = change(draft, {
    state: { ...state, ...freshProgress(state.step + 1, draft.now) },
    ...(step.kind === "shift" && !isPassedOver(draft.run, step) ? { weight: step.candidate } : {}),
  });
  const told = happen(moved, "step.done", done.reasons, step.id);
  if (done.calls === undefined) return told;
  const { environment, plan } = draft.run;
  const text = `${plan.release.id} in ${environment}: ${done.reasons[0]?.text ?? step.id}`;
  return notify(happen(told, done.calls, done.reasons, step.id), done.calls, text, true);
};

type Waiting = Extract<StepResult, { kind: "wait" | "stall" }>;

const wait = (before: Draft, step: Step, result: Waiting): Draft => {
  const draft = heard(before);
  const reasons = [...result.reasons, ...refusals(draft)];
  const waiting = wake(say(draft, ...reasons), result.until);
  if (result.kind === "stall") return stall(waiting, step.id, result.reasons[0]?.text ?? "stalled");
  const effects = result.effects ?? [];
  const asked = change(waiting, {
    state: { ...moving(waiting), ...result.progress },
    ...(step.kind === "shift" && effects.length > 0 ? { weight: step.candidate } : {}),
    // With the order itself, so that no crash comes between: where it may have begun, it counts.
    ...(step.kind === "train" && effects.length > 0
      ? { touchedAt: draft.run.touchedAt ?? draft.now }
      : {}),
    ...(contracts(step) && effects.length > 0 ? { noReturn: draft.run.noReturn ?? step.id } : {}),
  });
  const calm = recovered(asked, step);
  return order(calm, { effects, reasons: result.reasons, event: "step.acted", step: step.id });
};

const contracts = (step: Step): boolean => step.kind === "task" && step.migration === "contract";

/** A metric at its limit must not call somebody at every sample. */
const CALM_MS = 300_000;

/** Behind the point of no return a breach holds a run instead of sending it back. It is over where
 * a step of the kind that says so itself at every look has only to wait again. */
const recovered = (draft: Draft, step: Step): Draft => {
  const { run, now } = draft;
  const state = moving(draft);
  if (run.noReturn === null || state.kind !== "forward" || state.stalled === null) return draft;
  if (!["bake", "gate", "manual", "train"].includes(step.kind)) return draft;
  if (now - state.stalled.at < CALM_MS) return draft;
  const why = reason("recovered", `no longer so: ${state.stalled.why}`);
  return happen(change(draft, { state: { ...state, stalled: null } }), "run.recovered", [why]);
};

/** What target or router said to the last orders, where it was not yes. It is known in the pass
 * right behind the order alone, and remembered until another answer comes. */
const heard = (draft: Draft): Draft => {
  const { answers } = draft.snapshot;
  const state = moving(draft);
  if (answers.length === 0 || state.order === null) return draft;
  const { said: _, ...order } = state.order;
  const [said] = answers.flatMap(({ to, outcome }): readonly Reason[] => {
    if (outcome.kind === "applied") return [];
    const who = to === "apply" ? "the target" : "the router";
    return [reason(`order-${outcome.kind}`, `${who} said: ${outcome.why}`)];
  });
  return change(draft, {
    state: { ...state, order: said === undefined ? order : { ...order, said } },
  });
};

const refusals = (draft: Draft): readonly Reason[] => {
  const said = moving(draft).order?.said;
  return said === undefined ? [] : [said];
};

/** After a failure that nothing goes back from: work that does no harm twice is begun once more,
 * and what has a time limit gets it anew. The rest is only looked at. */
export const tryAgain = (draft: Draft): Draft => {
  const state = moving(draft);
  const step = stepsOf(draft.run)[state.step];
  const again = step?.kind === "verify" || (step?.kind === "task" && step.repeatable);
  if (!again) return restartClock(draft);
  const notBefore = state.notBefore ?? later(draft.now, AGAIN_MS);
  // Where that time is over, something else keeps it from being tried: somebody's word, perhaps.
  const woken = notBefore > draft.now ? wake(draft, notBefore) : draft;
  return change(woken, { state: { ...state, notBefore } });
};

/** What must be there within a time acts on, however long it could not. */
export const restartClock = (draft: Draft): Draft => {
  const state = moving(draft);
  const kind = stepsOf(draft.run)[state.step]?.kind;
  const timed = kind === "prepare" || kind === "shift" || kind === "replace";
  return timed ? change(draft, { state: { ...state, since: draft.now } }) : draft;
};

/** Between attempts beyond those that the playbook asked for. */
const AGAIN_MS = 30_000;

/** A person must act: said once and paged, then observed on. */
export const stall = (draft: Draft, step: string | null, why: string): Draft => {
  const state = moving(draft);
  if (state.stalled !== null) return draft;
  const stalled = change(draft, { state: { ...state, stalled: { at: draft.now, why } } });
  const text = `${draft.run.plan.release.id} in ${draft.run.environment} needs a person: ${why}`;
  const reasons = [{ code: "stalled", text: why }];
  return notify(happen(stalled, "run.stalled", reasons, step), "run.stalled", text, true);
};
