// The turn: from going forward to going back. Whatever the reason, the way is the same: to the
// release that is stable in the lane, with its capacity first. Behind a point of no return nothing
// turns by itself: it holds where it is, calls somebody, and goes on when what held it has passed.

import { change, end, freshProgress, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { whyAtOnce } from "./hurry.ts";
import { later } from "./ids.ts";
import type { Permille } from "./ids.ts";
import { leftReasons, rollbackCommand } from "./left-undone.ts";
import { returnsByShares, sharesBack } from "./return-shares.ts";
import { backSteps } from "./rollback-plan.ts";
import type { Reason } from "./reason.ts";
import type { Outcome, Run } from "./run.ts";
import { percentText } from "./strategies/strategy-steps.ts";
import type { RollbackTier, Step, TaskStep } from "./step.ts";
import { reason } from "./steps/step-result.ts";
import { restartClock, stall, tryAgain } from "./travel.ts";
import { isWithin, undoIdOf, undoStepsBack, undoableOf, undoneByRollback } from "./undo.ts";
import { uphold } from "./uphold.ts";

interface Manner {
  readonly tier?: RollbackTier | null;
  readonly atOnce?: boolean;
}

/** How soon to look again at what holds it. */
const HELD_MS = 5_000;

/** `tier`: how far, where a person said so; null: as far as the plan says. `atOnce`: said so too. A
 * run that has touched nothing, and has nothing to take back or to clear up, simply ends. */
export const goBack = (
  draft: Draft,
  outcome: Exclude<Outcome, "succeeded">,
  trigger: string,
  reasons: readonly Reason[],
  { tier = null, atOnce = false }: Manner = {},
): Draft => {
  const { run, now, snapshot } = draft;
  const wall = wallBehind(draft, tier);
  if (wall !== null) return stay(draft, outcome, `${trigger}; ${wall}`);
  const breach = { at: now, trigger, weight: run.weight, reasons };
  const asked = tier ?? run.plan.rollback.tier;
  const done = undoableOf(run, snapshot);
  const within = done.filter(({ undo }) => isWithin(undo.tier, asked));
  const undos = undoStepsBack(within, snapshot.effects);
  const left = done.filter(({ undo }) => !isWithin(undo.tier, asked));
  if (run.touchedAt === null && undos.length === 0 && !inherits(draft)) {
    const settled = { outcome, at: now };
    const all = [...reasons, ...leftReasons(run, left, "by hand")];
    const over = happen(change(draft, { settled, breach }), "run.settled", all);
    const text = `${run.plan.release.id} in ${run.environment} ended untouched: ${trigger}`;
    return end(notify(over, "run.ended", text, false, { outcome, trigger }), outcome);
  }
  const { stable } = snapshot.lane;
  const turnedBy = (shares: readonly Permille[]): Draft => {
    const how = { tier: asked, anyway: tier === "full", shares };
    const steps = backSteps(run, snapshot.lane, undos, how);
    const target = stable?.release ?? null;
    const where = { kind: "back", outcome, target, tier: asked, steps } as const;
    const state = { ...where, ...freshProgress(0, now) };
    return change(draft, { breach, hold: null, frozen: null, state });
  };
  const shared = turnedBy(atOnce ? [] : sharesBack(run, snapshot, asked));
  const hurried = returnsByShares(shared.run) ? whyAtOnce(shared) : null;
  const turned = hurried === null ? shared : turnedBy([]);
  const at = isTrain(run) ? "with all its members" : `at ${percentText(run.weight)} %`;
  const where = `${run.environment} goes back ${at}`;
  const text = `${run.plan.release.id} in ${where}: ${trigger}`;
  const data = { trigger, weight: run.weight, to: stable?.release ?? null, tier: asked };
  // First, since it is what the audit record gives as the reason.
  const told = { code: "going-back", text, numbers: data };
  const undone = [
    ...(hurried === null ? [] : [hurried]),
    ...unrestored(draft, undos),
    ...leftReasons(turned.run, left, "by word"),
  ];
  const began = happen(turned, "rollback.began", [told, ...reasons, ...undone]);
  return notify(began, "rollback.began", text, false, data);
};

const isTrain = ({ plan }: Run): boolean => plan.strategy === "train";

/** The run before may have left its slot to this one, which is all that would take it down. */
const inherits = ({ run, snapshot }: Draft): boolean => {
  const { slots } = run;
  if (slots === null || slots.stable === slots.candidate) return false;
  const { target } = snapshot;
  return target.kind === "unseen" || target.value.slots[slots.candidate].wanted.length > 0;
};

/**
 * Why this turn is not made by itself, and what a person can do instead; null: it is made.
 *
 * What a contract migration was refused with makes no difference, not even at its only attempt: a
 * command that failed may have done half of its work, and only somebody who looks can tell.
 */
const wallBehind = ({ run, lane }: Draft, tier: RollbackTier | null): string | null => {
  const { noReturn, plan, state } = run;
  const stable = lane.stable?.release ?? null;
  const step = state.kind === "forward" ? plan.steps[state.step] : undefined;
  if (noReturn !== null && tier !== "full") {
    const place = isTrain(run) ? "with its members" : `at ${percentText(run.weight)} %`;
    return (
      `behind ${noReturn} nothing goes back by itself: it stays ${place} ` +
      `and goes on when this has passed${answerHint(run, step)}; ` +
      `${rollbackCommand(run, stable, "full")} goes back all the same, and restores what it can`
    );
  }
  // Its traffic is where it should be: turning round would bring back what it is to be rid of.
  if (tier === null && step !== undefined && undoneByRollback(plan, step)) {
    const text = `all traffic is on ${plan.release.id}, and what was before is not all taken back`;
    return `${text}${answerHint(run, step)}`;
  }
  return null;
};

const answerHint = (run: Run, step: Step | undefined): string =>
  step?.kind === "task" || step?.kind === "verify"
    ? `; when it has been mended by hand: sluice answer ${run.id} ${step.id} TEXT`
    : "";

/** Nothing is turned and nothing is remembered but that somebody was called: the next pass looks
 * again, and goes on where there is no reason any more to stay. */
const stay = (draft: Draft, outcome: Outcome, why: string): Draft => {
  const { run, now } = draft;
  const told = say(wake(draft, later(now, HELD_MS)), reason("no-way-back", why));
  const { draft: upheld } = uphold(told);
  const ready = outcome === "failed" ? tryAgain(upheld) : restartClock(upheld);
  const step = run.state.kind === "forward" ? run.plan.steps[run.state.step]?.id : undefined;
  return stall(ready, step ?? null, why);
};

/** Somebody goes back across a point of no return that nothing written restores. Of what is taken
 * back, a restore was made possible before it: a later one brings back what it left. */
const unrestored = ({ run }: Draft, undos: readonly TaskStep[]): readonly Reason[] => {
  const step = run.plan.steps.find(({ id }) => id === run.noReturn);
  if (step?.kind !== "task" || step.undo !== null) return [];
  const before = run.plan.steps.slice(0, run.plan.steps.indexOf(step)).map(undoIdOf);
  if (undos.some(({ id, task }) => task.kind === "restore" && before.includes(id))) return [];
  const text = `${step.id} has no undo of its own: see that its loss is made good`;
  return [reason("not-restored", text)];
};
