// A backup as a step of a plan: which database it is follows from the environment.

import type { LaneKey } from "../lane.ts";
import { laneName } from "../lane.ts";
import { Refusal } from "../refusal.ts";
import type { TaskStep } from "../step.ts";
import { targetIn } from "./database.ts";
import type { Database } from "./database.ts";

export interface BackupAction {
  readonly kind: "backup";
  readonly name: string;
  readonly database: Database;
  /** Restored into a scratch database before anything goes on. */
  readonly verify: boolean;
  readonly attempts: number;
}

/** Empty: nothing is backed up in this environment. Throws a Refusal `database-not-there` where the
 * database does not say anything about it. */
export const backupSteps = (
  { name, database, verify, attempts }: BackupAction,
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
      hint: `it has one in ${known}; write ${lane.environment}: none where nothing is backed up`,
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
      undo: null,
      migration: null,
    },
  ];
};
