// What a train orders of a member: its run, or its way back. Each has one name for ever, so that an
// order that was given twice, or whose answer was lost, begins nothing a second time.

import type { EffectKey, EffectOutcome, MemberEffect } from "../../core/effect.ts";
import { SLUICE } from "../../core/ids.ts";
import type { RunId } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Origin, Run } from "../../core/run.ts";
import { takesTrainBack } from "../../core/train/train-back.ts";
import { begin, derivedId } from "./begin.ts";
import type { Desk } from "./desk.ts";
import { releaseOf } from "./planning.ts";
import { planRollback } from "./rollback-planning.ts";

export const orderMember = async (
  desk: Desk,
  key: EffectKey,
  member: MemberEffect,
): Promise<EffectOutcome> => {
  const train = (await desk.runs.load(key.run))?.run ?? null;
  const { service, way } = member;
  const lane = { service, environment: key.environment };
  const id = derivedId(`${key.run} ${service} ${way}`);
  if (train === null) return { kind: "refused", code: "unknown-run", why: `no run ${key.run}` };
  try {
    const run =
      way === "forward"
        ? await sendForward(desk, train, lane, member, id)
        : await takeBack(desk, train, lane, member, id);
    return { kind: "applied", detail: run?.id ?? "nothing to do" };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", code: error.code, why: error.message };
    throw error;
  }
};

/** Null: it is there already. An order that comes long after it was given must not begin anything
 * for a train that has turned round meanwhile. */
const sendForward = async (
  desk: Desk,
  train: Run,
  lane: LaneKey,
  { release }: MemberEffect,
  id: RunId,
): Promise<Run | null> => {
  if (train.state.kind !== "forward" || train.settled !== null) {
    throw new Refusal({ code: "train-over", message: `${train.id} goes forward no longer` });
  }
  const { by, emergency } = train.origin;
  const reason = `on the train ${train.plan.release.id}`;
  const origin: Origin = { kind: "train", by, reason, emergency, train: train.id };
  try {
    return await begin(desk, lane, await releaseOf(desk, release), origin, id);
  } catch (error) {
    if (error instanceof Refusal && error.code === "already-stable") return null;
    throw error;
  }
};

/** Null: somebody has taken it back already. */
const takeBack = async (
  desk: Desk,
  train: Run,
  key: LaneKey,
  { release, to, tier, anyway }: MemberEffect,
  id: RunId,
): Promise<Run | null> => {
  const lane = await desk.lanes.get(key);
  if (lane === null || to === null || lane.stable?.release !== release) return null;
  // Nothing automatic goes back across a point of no return, however far its tier reaches.
  if (!anyway) await planRollback(desk, lane, to, "immediate");
  const { plan, unknown } = await planRollback(desk, lane, to, tier);
  const of = takesTrainBack(train.plan)
    ? (train.plan.from ?? train.plan.release)
    : train.plan.release;
  const reason = [`the train ${of.id} goes back`, unknown];
  const origin: Origin = {
    kind: "rollback",
    by: SLUICE,
    reason: reason.filter((text) => text !== null).join("; "),
    emergency: null,
    train: train.id,
  };
  return await desk.runs.create({ id, plan, origin, at: desk.world.now() });
};
