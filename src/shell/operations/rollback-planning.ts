// The plan of a rollback that is a run of its own, from what is known of the lane's past: how both
// releases ran, what was done between them, and whether a point of no return lies there.

import type { BackupProof } from "../../core/backup/backup.ts";
import { proofOf } from "../../core/backup/restore-undo.ts";
import type { ReleaseId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import type { Plan } from "../../core/plan.ts";
import { Refusal } from "../../core/refusal.ts";
import { rollbackPlan } from "../../core/rollback-plan.ts";
import type { Run } from "../../core/run.ts";
import type { RollbackTier } from "../../core/step.ts";
import { undoable } from "../../core/undo.ts";
import type { ProofsOf } from "../../core/undo.ts";
import type { CrossedStep } from "../../ports/catalog.ts";
import type { Desk } from "./desk.ts";
import { requireArtifact } from "./require-artifact.ts";

export interface PlannedRollback {
  readonly plan: Plan;
  /** What the plan does not take back although its tier has it; null: nothing. */
  readonly unknown: string | null;
}

/** `atOnce`: all traffic in one go. Throws a Refusal: `no-known-good`, `already-stable`,
 * `not-known-good`, `point-of-no-return`. */
export const planRollback = async (
  desk: Desk,
  lane: Lane,
  to: ReleaseId,
  tier: RollbackTier,
  atOnce = false,
): Promise<PlannedRollback> => {
  const { stable } = lane;
  if (stable === null) throw noneGood(lane);
  if (stable.release === to) throw alreadyStable(lane, to);
  const current = await desk.catalog.succeeded(lane, stable.release);
  const good = await desk.catalog.succeeded(lane, to);
  if (current === null || good === null) throw neverGood(lane, to);
  await requireArtifact(desk, good.plan.release);
  const { runs, complete } = await runsBetween(desk, lane, current, to);
  const plan = rollbackPlan({
    current: current.plan,
    to: { release: good.plan.release, runtime: good.plan.runtime },
    from: { release: current.plan.release, runtime: current.plan.runtime },
    keepFailedMs: current.plan.rollback.keepFailedMs,
    tier,
    atOnce,
    between: runs,
    proofs: await proofsOf(desk, tier === "full" ? runs : []),
    crossed: await crossedBefore(desk, lane, to, tier),
  });
  const unknown = `what was done before ${runs.at(-1)?.id ?? current.id} is not taken back`;
  return { plan, unknown: complete ? null : `${unknown}: a rollback lies between` };
};

export interface Between {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** False: further back it cannot be followed. */
  readonly complete: boolean;
}

/**
 * From each run to the one that brought what it started from. A rollback hides what was done before
 * it, of which it has taken back a part.
 */
export const runsBetween = async (
  desk: Desk,
  lane: LaneKey,
  current: Run,
  to: ReleaseId,
): Promise<Between> => {
  const runs: Run[] = [];
  let run: Run | null = current;
  for (let last = Infinity; run !== null && run.seq < last;) {
    const { strategy, from }: Plan = run.plan;
    if (strategy === "rollback" || from === null) break;
    runs.push(run);
    if (from.id === to) return { runs, complete: true };
    last = run.seq;
    run = await desk.catalog.succeeded(lane, from.id);
  }
  return { runs, complete: false };
};

/** What the backups of these runs became that an undo of theirs restores. */
const proofsOf = async (desk: Desk, runs: readonly Run[]): Promise<ProofsOf> => {
  const known = new Map<string, BackupProof>();
  for (const { id, plan } of runs) {
    const restores = undoable(plan.steps).filter(({ undo }) => undo.task.kind === "restore");
    const effects = restores.length === 0 ? [] : ((await desk.runs.load(id))?.effects ?? []);
    for (const step of restores) {
      const proof = proofOf(step.id, effects);
      if (proof !== null) known.set(`${id} ${step.id}`, proof);
    }
  }
  return (run, step) => known.get(`${run} ${step}`) ?? null;
};

/** The newest that still counts; a run that has gone back across its own has restored what it
 * could. */
const crossedBefore = async (
  desk: Desk,
  lane: Lane,
  to: ReleaseId,
  tier: RollbackTier,
): Promise<readonly CrossedStep[]> => {
  if (tier === "full") return [];
  for (const crossed of await desk.catalog.crossedSince(lane, to)) {
    const stored = await desk.runs.load(crossed.run);
    if (stored === null || stored.run.settled?.outcome === "succeeded") return [crossed];
  }
  return [];
};

export const noneGood = (lane: Lane): Refusal =>
  new Refusal({
    code: "no-known-good",
    message: `${laneName(lane)} has no other known good release to return to`,
    hint: "name one that was good here with --to, or deploy another release",
  });

const alreadyStable = (lane: Lane, to: ReleaseId): Refusal =>
  new Refusal({
    code: "already-stable",
    message: `${to} is what ${laneName(lane)} runs already`,
    hint: "name another release with --to",
  });

const neverGood = (lane: Lane, to: ReleaseId): Refusal =>
  new Refusal({
    code: "not-known-good",
    message: `${to} was never good in ${laneName(lane)}`,
    hint: `known good: ${lane.knownGood.map((known) => known.release).join(", ")}`,
  });
