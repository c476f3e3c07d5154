// For whom a run that is under way makes way, and who comes first among those that wait: rollbacks
// always, emergencies before all that is ordinary, newer releases where the playbook says so.

import { emergencyLasts } from "./admission/request.ts";
import type { Instant } from "./ids.ts";
import type { Run } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";
import { takesTrainBack } from "./train/train-back.ts";

export type Waiting = Snapshot["waiting"][number];

type Emergency = Waiting & { readonly emergencyUntil: Instant };

/** As the others of its lane see it while it waits. */
export const asWaiting = ({ id, seq, plan, origin }: Run): Waiting => ({
  run: id,
  seq,
  release: plan.release.id,
  urgent: origin.kind === "rollback",
  emergencyUntil: origin.emergency?.until ?? null,
});

/** The first of those that wait for whom it makes way; null: it goes on. Behind the point of no
 * return the way to what is newer is the end of this one. */
export const makesWayFor = (
  run: Run,
  waiting: Snapshot["waiting"],
  now: Instant,
): Waiting | null => {
  // What it takes back it must not bring again.
  if (takesTrainBack(run.plan)) return null;
  const ordinary = run.origin.kind !== "rollback" && !emergencyLasts(run, now);
  const ends = ordinary && isAtEntry(run);
  const gives =
    run.plan.onNewer === "supersede" && run.noReturn === null && !emergencyLasts(run, now);
  const found = waiting.find(
    (other) =>
      (other.urgent && !isSameRollback(run, other)) ||
      (ends && isEmergency(other, now)) ||
      (gives && !other.urgent && other.seq > run.seq),
  );
  return found ?? null;
};

/** It still stands at the gates it began with: not one step was taken, and nothing is lost but a
 * place in the queue where it ends. */
export const isAtEntry = ({ state, plan, touchedAt }: Run): boolean =>
  state.kind === "forward" &&
  touchedAt === null &&
  state.step < plan.steps.length &&
  plan.steps.slice(0, state.step + 1).every(({ kind }) => kind === "gate");

/** As long as it lasts: afterwards it waits its turn as everybody does. */
export const isEmergency = (other: Waiting, now: Instant): other is Emergency =>
  other.emergencyUntil !== null && now < other.emergencyUntil;

/** Asked for twice: turning round for it would bring back what both want to be rid of. */
const isSameRollback = (run: Run, other: Waiting): boolean =>
  run.origin.kind === "rollback" && other.release === run.plan.release.id;

/** Who has the lane before this one: rollbacks, then emergencies, each in the order they came. */
export const isAhead = (run: Run, other: Waiting, now: Instant): boolean => {
  const own = rank(run.origin.kind === "rollback", emergencyLasts(run, now));
  const its = rank(other.urgent, isEmergency(other, now));
  return its === own ? other.seq < run.seq : its < own;
};

const rank = (rollback: boolean, emergency: boolean): number => (rollback ? 0 : emergency ? 1 : 2);
