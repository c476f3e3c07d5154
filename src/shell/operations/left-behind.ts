// What the rollback that brought the stable release left as it was. Nothing that is over is taken
// up again: what came after it may live on what it left, and only a person can tell. So it is
// named, with what takes it back.

import { laneName } from "../../core/lane.ts";
import type { Lane } from "../../core/lane.ts";
import type { ReleaseId } from "../../core/ids.ts";
import { versionOf } from "../../core/ids.ts";
import { byHand } from "../../core/left-undone.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Run } from "../../core/run.ts";
import type { RollbackTier } from "../../core/step.ts";
import { isWithin, undoableOfSuccess } from "../../core/undo.ts";
import type { UndoableStep } from "../../core/undo.ts";
import type { Desk } from "./desk.ts";
import { runsBetween } from "./rollback-planning.ts";

/** Of a rollback that is a run of its own: what a further tier has. Last done first. */
export const leftByRollback = async (
  desk: Desk,
  { plan, service, environment }: Run,
  tier: RollbackTier,
): Promise<readonly UndoableStep[]> => {
  const own = plan.rollback.tier;
  if (plan.strategy !== "rollback" || plan.from === null || isWithin(tier, own)) return [];
  const left = await desk.catalog.succeeded({ service, environment }, plan.from.id);
  if (left === null) return [];
  const { runs } = await runsBetween(desk, { service, environment }, left, plan.release.id);
  return runs
    .flatMap((run) => undoableOfSuccess(run.plan).toReversed())
    .filter(({ undo }) => isWithin(undo.tier, tier) && !isWithin(undo.tier, own));
};

interface Asked {
  readonly to: ReleaseId | null;
  readonly tier: RollbackTier;
}

/** Whoever asks for more of the rollback that is over must not be sent on to an older release.
 * Throws a Refusal `left-undone`. */
export const refuseLeftBehind = async (
  desk: Desk,
  lane: Lane,
  { to, tier }: Asked,
): Promise<void> => {
  const { stable } = lane;
  if (stable === null || (to !== null && to !== stable.release)) return;
  const run = await desk.catalog.succeeded(lane, stable.release);
  const left = run === null ? [] : await leftByRollback(desk, run, tier);
  if (run === null || left.length === 0) return;
  throw leftUndone(lane, stable.release, run, left);
};

const leftUndone = (
  lane: Lane,
  release: ReleaseId,
  { id, plan }: Run,
  left: readonly UndoableStep[],
): Refusal => {
  const steps = left.map((step) => step.id).join(", ");
  const from = plan.from === null ? "the release before" : versionOf(plan.from.id);
  return new Refusal({
    code: "left-undone",
    message:
      `${id} went back to ${release} as far as its tier has, ${plan.rollback.tier}, and is over: ` +
      `it left ${steps} of ${from} as it is`,
    where: laneName(lane),
    hint:
      `take it back by hand, with the files of ${from}, in this order: ${byHand(left)}; ` +
      "an older release is gone back to by its name: --to VERSION",
  });
};
