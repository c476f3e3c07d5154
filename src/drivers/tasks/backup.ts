// A backup as a task: begun, awaited, and done only where it came to what was asked for.

import type { Backup } from "../../core/backup/backup.ts";
import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { assertNever, SLUICE } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { Backups } from "../../ports/backups.ts";

export interface BackupTask {
  readonly key: EffectKey;
  readonly task: Extract<TaskSpec, { kind: "backup" }>;
  readonly signal: AbortSignal;
}

export const runBackup = async (
  backups: Pick<Backups, "begin">,
  { key, task, signal }: BackupTask,
): Promise<EffectOutcome> => {
  try {
    const request = { by: SLUICE, run: key.run, verify: task.verify };
    const { ended } = await backups.begin(task.target, request, signal);
    return outcomeOf(await ended, task.verify, signal);
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", code: error.code, why: error.message };
    throw error;
  }
};

const outcomeOf = ({ id, state }: Backup, verify: boolean, signal: AbortSignal): EffectOutcome => {
  switch (state.kind) {
    case "verified": {
      const { tables, rows, bytes, digest } = state.contents;
      const what = `${tables} ${tables === 1 ? "table" : "tables"}, ${rows} rows, ${bytes} bytes`;
      const detail = `${id}: ${what}; restored and compared`;
      return { kind: "applied", detail, backup: { id, digest } };
    }
    case "stored":
      if (!verify) return { kind: "applied", detail: `${id}: ${state.contents.bytes} bytes` };
      return missed(id, state.unproven?.code, state.unproven?.why, signal);
    case "failed":
    case "bad":
      return missed(id, state.code, state.why, signal);
    case "running":
    case "verifying":
    case "removing":
      return { kind: "unknown", why: `${id} is ${state.kind}` };
    default:
      return assertNever(state);
  }
};

/** Our own shutdown is no failure of the backup. */
const missed = (
  id: string,
  code = "backup-failed",
  why = "nobody knows why",
  signal: AbortSignal,
): EffectOutcome =>
  signal.aborted
    ? { kind: "unknown", why: "the control plane stopped while it ran" }
    : { kind: "refused", code, why: `${id}: ${why}` };
