// A backup as a step of a plan: which database it is follows from the environment.

import type { DurationMs } from "../ids.ts";
import type { LaneKey } from "../lane.ts";
import { laneName } from "../lane.ts";
import { Refusal } from "../refusal.ts";
import type { TaskStep, Undo } from "../step.ts";
import { targetIn } from "./database.ts";
import type { BackupTarget, Database, Writers } from "./database.ts";

export interface BackupAction {
  readonly kind: "backup";
  readonly name: string;
  readonly database: Database;
  /** Restored into a scratch database before anything goes on. */
  readonly verify: boolean;
  readonly attempts: number;
  /** A rollback of the tier `full` restores it; absent: none does. */
  readonly undo?: { readonly writers: Writers } | undefined;
}

/** Empty: nothing is backed up in this environment. Throws a Refusal `database-not-there` where the
 * database does not say anything about it. */
export const backupSteps = (
  { name, database, verify, attempts, undo }: BackupAction,
  id: string,
  lane: LaneKey,
): readonly TaskStep[] => {
  const target = targetIn(database, lane.environment);
  if (target === null) {
    const known = Object.keys(database.environments).join(", ");
    throw new Refusal({
      code: "database-not-there",
      message: `database ${database.name} has no address in ${lane.environment}`,
      where: laneName(lane),
      hint: `it has one in ${known}; where nothing is backed up write { backup: false }`,
    });
  }
  if (target === "none") return [];
  return [
    {
      kind: "task",
      id,
      title: name,
      task: { kind: "backup", target, verify },
      deadlineMs: target.policy.withinMs,
      // Another backup more does no harm.
      repeatable: true,
      onUnknown: "hold",
      attempts,
      undo: undo === undefined ? null : restoring(target, undo.writers),
      migration: null,
    },
  ];
};

const restoring = (target: BackupTarget, writers: Writers): Undo => ({
  task: { kind: "restore", target, backup: null, writers },
  deadlineMs: restoringMs(target),
  // The second time it finds that it was done.
  repeatable: true,
  tier: "full",
});

/** What is there is backed up before. */
const restoringMs = ({ policy }: Pick<BackupTarget, "policy">): DurationMs => 2 * policy.withinMs;

/** How much its undo adds to a rollback of which tier. Empty: it has none. */
export const restoringOf = ({
  database: { backup },
  undo,
}: BackupAction): readonly Pick<Undo, "tier" | "deadlineMs">[] =>
  undo === undefined ? [] : [{ tier: "full", deadlineMs: restoringMs({ policy: backup }) }];
