// The judge's eye on backups: nothing migrates behind one that was not made and proven, and nothing
// is restored but what the steps that are taken back had backed up, where somebody wanted that.

import type { Broken } from "../core/checks.ts";
import type { EffectKey } from "../core/effect.ts";
import { laneName } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { TaskStep } from "../core/step.ts";
import type { TaskEffect } from "../ports/tasks.ts";
import { named } from "./commit-checks.ts";
import type { Universe } from "./universe.ts";

export interface BackupWatch {
  begun(key: EffectKey, task: TaskEffect): readonly Broken[];
  performed(key: EffectKey, task: TaskEffect): void;
}

export const backupWatch = (universe: () => Universe): BackupWatch => ({
  begun: (key, task) => {
    const run = universe().ledger.runs.get(key.run);
    if (run === undefined) return [];
    if (task.task.kind === "restore") return restoreBroken(universe(), run, key, task);
    const steps = run.plan.steps.slice(
      0,
      run.plan.steps.findIndex(({ id }) => id === task.step) + 1,
    );
    const step = steps.at(-1);
    if (step?.kind !== "task" || step.migration === null) return [];
    return unprovenBefore(universe(), run, steps.slice(0, -1).filter(isBackup), step.id);
  },
  performed: () => undefined,
});

const isBackup = (step: Run["plan"]["steps"][number]): step is TaskStep =>
  step.kind === "task" && step.task.kind === "backup";

const unprovenBefore = (
  { databases, book, time, journal }: Universe,
  { id }: Run,
  backups: readonly TaskStep[],
  step: string,
): readonly Broken[] => {
  if (backups.length > 0) journal.rare("migration behind a backup");
  const facts = book.facts(id, time.now());
  return backups.flatMap((backup) => {
    const made = databases.of(id, backup.id);
    const proof = backup.task.kind === "backup" && backup.task.verify;
    if (made !== null && (made.proven || !proof)) return [];
    // Somebody says that he has seen to it.
    if (facts.some((fact) => fact.kind === "answer" && fact.step === backup.id)) return [];
    const text = `${step} of ${id} begins, and ${backup.id} has not been proven`;
    return [named("backup-before-migration", text)];
  });
};

const restoreBroken = (
  universe: Universe,
  run: Run,
  key: EffectKey,
  { step, task }: TaskEffect,
): readonly Broken[] => {
  const { databases, journal } = universe;
  journal.rare("restore begun");
  const meant = run.plan.rollback.tier === "full" || saidFull(universe, run);
  const unasked = `${step} of ${run.id} restores, and nobody wanted to go so far`;
  const found = meant ? [] : [named("restored-only-when-meant", unasked)];
  if (task.kind !== "restore" || task.backup === null) return found;
  const made = databases.backup(task.backup.id);
  const own = made !== null && made.proven && made.lane === laneName(key);
  const inRun = own && made.run === run.id && step === `back-undo-${made.step}`;
  const ofItsOwn = own && made.run !== run.id && step.startsWith(`undo-${made.step}`);
  if (inRun || ofItsOwn) return found;
  const text = `${step} of ${run.id} restores ${task.backup.id}, which is another step's`;
  return [...found, named("restores-its-own", text)];
};

/** To it, or to the train that it is on. */
const saidFull = ({ book, time }: Universe, { id, origin }: Run): boolean =>
  [id, ...(origin.train === undefined ? [] : [origin.train])]
    .flatMap((one) => book.facts(one, time.now()))
    .some((fact) => fact.kind === "rollback" && fact.tier === "full");
