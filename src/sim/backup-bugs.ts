// Planted bugs of backups: what a store could show of them that is not so.

import type { BackupProof } from "../core/backup/backup.ts";
import type { EffectRecord } from "../core/effect.ts";
import type { StoredPass } from "../ports/store.ts";
import { otherPlan } from "./gate-bugs.ts";
import { misread, type Change } from "./misread.ts";

const backupsAs = (change: (record: EffectRecord, stored: StoredPass) => EffectRecord): Change =>
  misread((stored) => ({
    ...stored,
    effects: stored.effects.map((record) => {
      const { body } = record.effect;
      const backup = body.kind === "task" && body.task.kind === "backup";
      return backup ? change(record, stored) : record;
    }),
  }));

/** A backup that failed counts as one that was made and proven. */
export const failedIsProven: Change = backupsAs((record) =>
  record.outcome?.kind === "refused"
    ? { ...record, outcome: { kind: "applied", detail: null } }
    : record,
);

/** Every backup is taken for the first one that anybody saw. */
export const anyBackup = (): Change => {
  let first: BackupProof | null = null;
  return backupsAs((record) => {
    const { outcome } = record;
    if (outcome?.kind !== "applied" || outcome.backup === undefined) return record;
    first ??= outcome.backup;
    return { ...record, outcome: { ...outcome, backup: first } };
  });
};

/** Whatever a playbook says, a rollback goes as far as it can. */
export const alwaysFull = (): Change =>
  otherPlan(({ run: { plan } }) => ({ ...plan, rollback: { ...plan.rollback, tier: "full" } }));
