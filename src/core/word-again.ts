// A person's word to begin a step once more: work that came to nothing, does no harm twice, and
// waits for somebody. Decided here: of what that is true.

import { change, happen } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { EffectRecord } from "./effect.ts";
import type { Fact } from "./fact.ts";
import { stepsOf } from "./moving.ts";
import type { Run } from "./run.ts";
import type { TaskStep } from "./step.ts";
import { reason } from "./steps/step-result.ts";

/** The present step, where its last attempt changed nothing and waits for a person; null: it is not
 * so. What nobody knows the end of is no such thing. */
export const toBeginAgain = (
  run: Run,
  { effects }: { readonly effects: readonly EffectRecord[] },
): TaskStep | null => {
  const { state } = run;
  if (state.kind !== "forward" && state.kind !== "back") return null;
  const step = stepsOf(run)[state.step];
  if (step?.kind !== "task" || !step.repeatable || state.stalled === null) return null;
  const last = effects.findLast(
    ({ effect: { body } }) =>
      body.kind === "task" && body.step === step.id && body.attempt === state.attempts,
  );
  return last?.outcome?.kind === "stalled" ? step : null;
};

export const hearAgain = (draft: Draft, word: Extract<Fact, { kind: "again" }>): Draft => {
  const { run, snapshot, now } = draft;
  const { state } = run;
  const step = toBeginAgain(run, snapshot);
  const moves = state.kind === "forward" || state.kind === "back";
  if (!moves || step === null || step.id !== word.step) {
    const text = `${word.by} says ${word.step} again, and it does not wait for that any more`;
    return happen(draft, "run.word-too-late", [reason("too-late", text)], word.step);
  }
  const said = reason("again-by-person", `${word.by} says: ${word.text}; it is begun once more`);
  // Should it come to nothing again, somebody is called again.
  const fresh = change(draft, { state: { ...state, notBefore: now, stalled: null } });
  return happen(fresh, "task.again", [said], step.id);
};
