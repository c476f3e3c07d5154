// A person's word to go back: abort or roll back. Decided here: when it comes too late, what it
// takes to go back across a point of no return, and how a way back that has begun is made longer.

import { change, freshProgress, happen } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Fact } from "./fact.ts";
import { goBack } from "./go-back.ts";
import { leftUndone, rollbackCommand } from "./left-undone.ts";
import type { Progress } from "./run.ts";
import type { RollbackTier, Step } from "./step.ts";
import { reason } from "./steps/step-result.ts";
import { isWithin, undoStepsBack, undoneBy } from "./undo.ts";

type Word = Extract<Fact, { kind: "abort" | "rollback" }>;

export const hearBack = (draft: Draft, word: Word): Draft => {
  const { run } = draft;
  if (run.state.kind === "back" && word.kind === "rollback") return further(draft, word);
  if (run.state.kind === "back" || run.state.kind === "ended" || run.settled !== null) {
    return tooLate(draft, word);
  }
  const tier = word.kind === "rollback" ? word.tier : null;
  if (run.noReturn !== null && tier !== "full") return tooFar(draft, word, run.noReturn);
  const [outcome, done] =
    word.kind === "abort"
      ? (["aborted", "aborted"] as const)
      : (["rolledBack", "rolled back"] as const);
  const said = reason(`${word.kind}-by-person`, `${word.by} says: ${word.reason}`);
  return goBack(draft, outcome, `${done} by ${word.by}`, [said], tier);
};

const tooLate = (draft: Draft, word: Word): Draft => {
  const text = `${word.kind} by ${word.by} came when the outcome was already certain`;
  return happen(draft, "run.word-too-late", [reason("too-late", text)]);
};

const tooFar = (draft: Draft, word: Word, step: string): Draft => {
  const command = rollbackCommand(draft.run, draft.lane.stable?.release ?? null, "full");
  const text =
    `${word.kind} by ${word.by} came behind ${step}, from where there is no way back without ` +
    `loss: ${command} goes back all the same, and restores what it can`;
  return happen(draft, "run.word-too-late", [reason("point-of-no-return", text)], step);
};

/** It goes back already, or has, as far as was asked for then: now more of it is taken back, behind
 * whatever is being done. A failed slot that is kept for those who look waits for it. */
const further = (draft: Draft, word: Word & { readonly tier: RollbackTier }): Draft => {
  const { run, now, snapshot } = draft;
  const { state } = run;
  const left = leftUndone(run, snapshot).filter(({ undo }) => isWithin(undo.tier, word.tier));
  if (state.kind !== "back" || left.length === 0) return tooLate(draft, word);
  const present = state.steps[state.step];
  const idle = present === undefined || present.kind === "retire";
  const kept = idle ? state.step : state.step + 1;
  const rest = state.steps.slice(kept);
  const steps: readonly Step[] = [
    ...state.steps.slice(0, kept),
    ...rest.filter((step) => undoneBy(step.id) === null && step.kind !== "retire"),
    ...inOrder(run.plan.steps, [...rest, ...undoStepsBack(left, snapshot.effects)]),
    ...rest.filter((step) => step.kind === "retire"),
  ];
  const fresh: Partial<Progress> = idle ? freshProgress(state.step, now) : {};
  const longer = change(draft, { state: { ...state, ...fresh, kind: "back", steps } });
  const ids = left.map(({ id }) => id).join(", ");
  const text = `${word.by} says: ${word.reason}; ${ids} will be taken back too`;
  return happen(longer, "rollback.extended", [reason("rollback-by-person", text)]);
};

/** The undo steps among these, last done first. */
const inOrder = (plan: readonly Step[], steps: readonly Step[]): readonly Step[] =>
  plan.toReversed().flatMap(({ id }) => steps.filter((step) => undoneBy(step.id) === id));
