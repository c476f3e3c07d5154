// A person's word to go back: abort or roll back. Decided here: when it comes too late, what it
// takes to go back across a point of no return, and how a way back that has begun is made longer.

import { change, freshProgress, happen } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { Fact } from "./fact.ts";
import { goBack } from "./go-back.ts";
import { hurryFor } from "./hurry.ts";
import { leftUndone, rollbackCommand } from "./left-undone.ts";
import { returnsByShares } from "./return-shares.ts";
import type { Progress, Run } from "./run.ts";
import type { Step } from "./step.ts";
import { reason } from "./steps/step-result.ts";
import { takesTrainBack } from "./train/train-back.ts";
import { isWithin, undoStepsBack, undoneBy } from "./undo.ts";

type Word = Extract<Fact, { kind: "abort" | "rollback" }>;
type Rollback = Extract<Fact, { kind: "rollback" }>;

export const hearBack = (draft: Draft, word: Word): Draft => {
  const { run } = draft;
  if (run.state.kind === "back" && word.kind === "rollback") return further(draft, word);
  // A rollback is turned round by no other.
  if (run.plan.strategy === "rollback" && word.kind === "rollback") {
    return meantAtOnce(run, word) ? faster(draft, word) : asked(draft, word);
  }
  if (run.state.kind === "back" || run.state.kind === "ended" || run.settled !== null) {
    return tooLate(draft, word);
  }
  if (run.state.kind === "forward" && takesTrainBack(run.plan)) return tooLate(draft, word);
  const tier = word.kind === "rollback" ? word.tier : null;
  if (run.noReturn !== null && tier !== "full") return tooFar(draft, word, run.noReturn);
  const [outcome, done] =
    word.kind === "abort"
      ? (["aborted", "aborted"] as const)
      : (["rolledBack", "rolled back"] as const);
  const said = reason(`${word.kind}-by-person`, `${word.by} says: ${word.reason}`);
  const atOnce = word.kind === "rollback" && word.now === true;
  return goBack(draft, outcome, `${done} by ${word.by}`, [said], { tier, atOnce });
};

/** Its traffic returns by shares, and the word has none. */
const meantAtOnce = (run: Run, word: Rollback): boolean =>
  returnsByShares(run) && (word.now === true || word.tier !== "gradual");

const faster = (draft: Draft, word: Word): Draft =>
  hurryFor(draft, reason("rollback-by-person", `${word.by} says: ${word.reason}`));

const asked = (draft: Draft, word: Word): Draft => {
  const text = `rollback by ${word.by} asks for what this run does already`;
  return happen(draft, "run.word-too-late", [reason("already-asked", text)]);
};

const tooLate = (draft: Draft, word: Word): Draft => {
  const when = takesTrainBack(draft.run.plan)
    ? "and the train is going back already"
    : "when the outcome was already certain";
  const text = `${word.kind} by ${word.by} came ${when}`;
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
const further = (draft: Draft, word: Rollback): Draft => {
  if (meantAtOnce(draft.run, word)) return more(faster(draft, word), word) ?? faster(draft, word);
  return more(draft, word) ?? tooLate(draft, word);
};

/** Null: it leaves nothing that the word has. */
const more = (draft: Draft, word: Rollback): Draft | null => {
  const { run, now, snapshot } = draft;
  const { state } = run;
  const left = leftUndone(run, snapshot).filter(({ undo }) => isWithin(undo.tier, word.tier));
  if (state.kind !== "back" || left.length === 0) return null;
  const present = state.steps[state.step];
  const idle = present === undefined || (isLast(present) && state.attempts === 0);
  const kept = idle ? state.step : state.step + 1;
  const rest = state.steps.slice(kept);
  const steps: readonly Step[] = [
    ...state.steps.slice(0, kept),
    ...rest.filter((step) => undoneBy(step.id) === null && !isLast(step)),
    ...inOrder(run.plan.steps, [...rest, ...undoStepsBack(left, snapshot.effects)]),
    ...rest.filter(isLast),
  ];
  const fresh: Partial<Progress> = idle ? freshProgress(state.step, now) : {};
  const was = state.tier ?? run.plan.rollback.tier;
  const tier = isWithin(word.tier, was) ? was : word.tier;
  const longer = change(draft, { state: { ...state, ...fresh, kind: "back", tier, steps } });
  const ids = left.map(({ id }) => id).join(", ");
  const text = `${word.by} says: ${word.reason}; ${ids} will be taken back too`;
  return happen(longer, "rollback.extended", [reason("rollback-by-person", text)]);
};

/** What is done when everything is taken back. */
const isLast = ({ kind }: Step): boolean => kind === "verify" || kind === "retire";

/** The undo steps among these, last done first. */
const inOrder = (plan: readonly Step[], steps: readonly Step[]): readonly Step[] =>
  plan.toReversed().flatMap(({ id }) => steps.filter((step) => undoneBy(step.id) === id));
