// A restore as a task: what takes a backup step back. Decided here: what is tried again by itself,
// and where a person has to look first.

import type { EffectKey, EffectOutcome } from "../../core/effect.ts";
import { SLUICE } from "../../core/ids.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TaskSpec } from "../../core/task-spec.ts";
import type { Backups, PutBack } from "../../ports/backups.ts";

export interface RestoreTask {
  readonly key: EffectKey;
  /** Of the way back; its attempts all mean the same restore. */
  readonly step: string;
  readonly task: Extract<TaskSpec, { kind: "restore" }>;
  readonly signal: AbortSignal;
}

export const runRestore = async (
  backups: Pick<Backups, "putBack">,
  { key, step, task, signal }: RestoreTask,
): Promise<EffectOutcome> => {
  const { target, backup, writers } = task;
  if (backup === null) {
    const why = `nobody knows which backup of ${target.database} the run made: find it among those`;
    const how = `of sluice backup list ${target.database}, restore it by hand, and say so`;
    return { kind: "stalled", why: `${why} ${how}` };
  }
  const order = `${key.run}/${step}`;
  try {
    const request = { backup, order, by: SLUICE, run: key.run, writers };
    const ended = await backups.putBack(target, request, signal);
    return outcomeOf(backup.id, ended, signal);
  } catch (error) {
    if (error instanceof Refusal) return { kind: "stalled", why: error.message };
    throw error;
  }
};

/** Our own shutdown is no failure: whoever takes over sees whether it was done. */
const outcomeOf = (id: string, ended: PutBack, signal: AbortSignal): EffectOutcome => {
  if (ended.kind === "done") {
    const { kept, saved, before } = ended;
    const when = before ? " already" : "";
    const backup = saved === null ? "" : `, and backed up as ${saved}`;
    const detail = `${id} is in place${when}; what was there is kept as ${kept}${backup}`;
    return { kind: "applied", detail };
  }
  const { code, why, again } = ended;
  if (signal.aborted) {
    return { kind: "unknown", why: "the control plane stopped while it was under way" };
  }
  if (again) return { kind: "refused", code, why: `${id}: ${why}` };
  return { kind: "stalled", why: `${id} is not in place, and nothing was changed: ${why}` };
};
