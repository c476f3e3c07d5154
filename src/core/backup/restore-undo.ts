// Taking back by restoring: which backup it is, and whether anything came after it. A database is
// never set back for nothing, nor to a backup of which nobody knows that it is the right one.

import { ranIt } from "../effect.ts";
import type { EffectRecord } from "../effect.ts";
import type { Plan } from "../plan.ts";
import type { Run } from "../run.ts";
import type { Step, Undo } from "../step.ts";
import type { BackupProof } from "./backup.ts";

/** What the last success of the step made; null: none is known, as where a person said that it is
 * done. */
export const proofOf = (step: string, effects: readonly EffectRecord[]): BackupProof | null => {
  const proofs = effects.flatMap(({ effect: { body }, outcome }) =>
    body.kind === "task" && body.step === step && outcome?.kind === "applied"
      ? [outcome.backup ?? null]
      : [],
  );
  return proofs.at(-1) ?? null;
};

/** Of what restores, with the backup that is to be restored; any other as it is. */
export const withProof = (undo: Undo, backup: BackupProof | null): Undo =>
  undo.task.kind === "restore" ? { ...undo, task: { ...undo.task, backup } } : undo;

/**
 * Something behind the step began, whatever came of it: what failed may have done half of its work.
 * Or the new release came up behind it, and may have written.
 */
export const cameAfter = (
  step: Step,
  { plan, touchedAt }: Pick<Run, "plan" | "touchedAt">,
  effects: readonly EffectRecord[],
): boolean =>
  changesAfter(step, plan).some(({ kind, id }) =>
    kind === "task" ? ranIt(id, effects) : touchedAt !== null,
  );

/** Of the plan, what may change the database once the step is done. */
export const changesAfter = (step: Step, { steps }: Pick<Plan, "steps">): readonly Step[] =>
  steps.slice(steps.indexOf(step) + 1).filter(mayChange);

const mayChange = (step: Step): boolean => {
  if (step.kind === "task") return step.task.kind === "command" || step.task.kind === "http";
  return step.kind === "prepare" || step.kind === "shift" || step.kind === "replace";
};
