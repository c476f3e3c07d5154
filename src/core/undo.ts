// What takes back what a run did: which of its tasks took place, which undo of them a tier of
// rollback has, and in which order.

import type { BackupProof } from "./backup/backup.ts";
import { cameAfter, changesAfter, proofOf, withProof } from "./backup/restore-undo.ts";
import type { EffectRecord } from "./effect.ts";
import type { Fact } from "./fact.ts";
import type { RunId } from "./ids.ts";
import type { Plan } from "./plan.ts";
import type { Run } from "./run.ts";
import type { RollbackTier, Step, TaskStep, Undo } from "./step.ts";
import type { TaskSpec } from "./task-spec.ts";

export type UndoableStep = TaskStep & { readonly undo: Undo };

/** Effects and facts of the run in question. */
export interface Happened {
  readonly effects: readonly EffectRecord[];
  readonly facts: readonly Fact[];
}

/** How often an undo that does no harm twice is tried before somebody is called. */
const ATTEMPTS = 3;

const DEPTH: Readonly<Record<RollbackTier, number>> = { immediate: 0, gradual: 1, full: 2 };

/** A rollback of the tier `asked` has this one in it. */
export const isWithin = (tier: RollbackTier, asked: RollbackTier): boolean =>
  DEPTH[tier] <= DEPTH[asked];

/** The least tier that has all of them in it. */
export const tierOfAll = (steps: readonly UndoableStep[]): RollbackTier =>
  steps.reduce<RollbackTier>(
    (most, { undo: { tier } }) => (isWithin(tier, most) ? most : tier),
    "immediate",
  );

/** Done, under way, or begun without anybody knowing its end. One that failed is not among them:
 * its undo could take back what was there before it. A person's word outweighs the machine's. */
export const tookPlace = (step: string, { effects, facts }: Happened): boolean => {
  const word = facts.findLast((fact) => fact.kind === "answer" && fact.step === step);
  if (word?.kind === "answer") return word.verdict === "done";
  return recordsOf(step, effects).some(
    ({ outcome }) => outcome?.kind !== "refused" && outcome?.kind !== "retry",
  );
};

/** Somebody is still at it, or has yet to begin. */
export const isUnderWay = (step: string, effects: readonly EffectRecord[]): boolean =>
  recordsOf(step, effects).some(({ outcome }) => outcome === null);

const recordsOf = (step: string, effects: readonly EffectRecord[]): readonly EffectRecord[] =>
  effects.filter(({ effect: { body } }) => body.kind === "task" && body.step === step);

/** Those of its steps that took place and can be taken back, in the order of their doing. What
 * would restore a backup that nothing came after is not among them. */
export const undoableOf = (
  run: Pick<Run, "plan" | "touchedAt">,
  happened: Happened,
): readonly UndoableStep[] =>
  undoable(run.plan.steps).filter(
    (step) =>
      tookPlace(step.id, happened) &&
      (step.undo.task.kind !== "restore" || cameAfter(step, run, happened.effects)),
  );

/** Of a run that has succeeded, and so did all of it. */
export const undoableOfSuccess = ({ steps }: Pick<Plan, "steps">): readonly UndoableStep[] =>
  undoable(steps).filter(
    (step) => step.undo.task.kind !== "restore" || changesAfter(step, { steps }).length > 0,
  );

export const undoable = (steps: readonly Step[]): readonly UndoableStep[] =>
  steps.filter((step): step is UndoableStep => step.kind === "task" && step.undo !== null);

const BACK = "back-undo-";

/** What takes this step back in a way back is called so. */
export const undoIdOf = (step: Step): string => `${BACK}${step.id}`;

/** Last done, first taken back: what was built on something goes before it. `effects`: of their
 * run, which say what is to be restored. */
export const undoStepsBack = (
  done: readonly UndoableStep[],
  effects: readonly EffectRecord[],
): readonly TaskStep[] =>
  done.map((step) => undoStep(undoIdOf(step), step, proofOf(step.id, effects))).toReversed();

/** The step that this one of a way back takes back; null: it is none of those. */
export const undoneBy = (id: string): string | null =>
  id.startsWith(BACK) ? id.slice(BACK.length) : null;

const ROLLBACK = "undo-";

/** What the backup step of a run became; null: nobody knows. */
export type ProofsOf = (run: RunId, step: string) => BackupProof | null;

/** For a rollback that is a run of its own, in the order given. The same step of two runs gets two
 * names. */
export const undoStepsOfRollback = (
  done: readonly (readonly [RunId, UndoableStep])[],
  proofs: ProofsOf,
): readonly TaskStep[] => {
  const times = new Map<string, number>();
  return done.map(([run, step]) => {
    const time = (times.get(step.id) ?? 0) + 1;
    times.set(step.id, time);
    const id = `${ROLLBACK}${step.id}${time === 1 ? "" : `-${time}`}`;
    return undoStep(id, step, proofs(run, step.id));
  });
};

/** True: a step of a rollback that takes back what the release it leaves did. */
export const undoneByRollback = (plan: Pick<Plan, "strategy">, step: Step): boolean =>
  plan.strategy === "rollback" && step.kind === "task" && step.id.startsWith(ROLLBACK);

/** Its own end is as uncertain as that of any other task: lost, it asks a person. */
const undoStep = (id: string, step: UndoableStep, backup: BackupProof | null): TaskStep =>
  takingBack(id, step.title, withProof(step.undo, backup));

const takingBack = (id: string, title: string, undo: Undo): TaskStep => ({
  kind: "task",
  id,
  title: titleOf(title, undo.task),
  task: undo.task,
  deadlineMs: undo.deadlineMs,
  repeatable: undo.repeatable,
  onUnknown: "hold",
  attempts: undo.repeatable ? ATTEMPTS : 1,
  undo: null,
  migration: null,
});

const titleOf = (title: string, task: TaskSpec): string =>
  task.kind === "restore" && task.backup !== null
    ? `take back: ${title}, restore ${task.backup.id}`
    : `take back: ${title}`;
