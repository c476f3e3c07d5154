// A settled train is asked to go back: as one, as long as its members are where it brought them.

import type { LaneKey } from "../../core/lane.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane } from "../../core/lane.ts";
import type { ReleaseId } from "../../core/ids.ts";
import type { Plan } from "../../core/plan.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Run } from "../../core/run.ts";
import type { RollbackTier, TrainMember, TrainStep } from "../../core/step.ts";
import { backOf } from "../../core/train/progress.ts";
import { takesTrainBack, trainBackPlan } from "../../core/train/train-back.ts";
import type { StoredPass } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";
import { planRollback } from "./rollback-planning.ts";

interface Asked {
  readonly to: ReleaseId | null;
  readonly tier: RollbackTier;
}

/** Null: no train is stable there. Throws a Refusal: `train-over`, `not-before-train`,
 * `point-of-no-return`. */
export const planTrainBack = async (desk: Desk, lane: Lane, asked: Asked): Promise<Plan | null> => {
  if (lane.stable === null) return null;
  const run = await desk.catalog.succeeded(lane, lane.stable.release);
  const step = run?.plan.steps.find((one) => one.kind === "train");
  if (run === null || step === undefined) return null;
  if (takesTrainBack(run.plan)) throw wentBack(lane, lane.stable.release);
  const before = run.plan.from;
  if (asked.to !== null && asked.to !== (before?.id ?? null)) {
    throw notBefore(lane, asked.to, before?.id ?? null);
  }
  const stored = await desk.runs.load(run.id);
  if (stored === null) return null;
  let some = false;
  for (const member of step.members.toReversed()) {
    some = (await canGoBack(desk, lane, member, stored, asked.tier)) || some;
  }
  if (!some) throw isOver(lane, run, step, "nothing of it is there any more");
  return trainBackPlan(run, before, asked.tier);
};

/** False: there is nothing to take back. Throws a Refusal where another release has come since, or
 * a point of no return lies in between and `full` was not said. */
const canGoBack = async (
  desk: Desk,
  { environment }: Lane,
  member: TrainMember,
  stored: StoredPass,
  tier: RollbackTier,
): Promise<boolean> => {
  const { run, members = [] } = stored;
  const sight = members.find(({ service }) => service === member.service);
  const brought = sight?.runs.findLast(({ way }) => way === "forward");
  const { stable = null } = sight ?? {};
  if (brought === undefined) return false;
  if (stable !== member.release && stable !== brought.from) {
    const text = `${member.service} carries ${stable ?? "nothing"} by now`;
    const step = run.plan.steps.find((one) => one.kind === "train");
    throw isOver(run, run, step, text);
  }
  const stand = backOf(member, stored);
  if (stand.kind !== "good") return false;
  const key: LaneKey = { service: member.service, environment };
  const lane = await desk.lanes.get(key);
  if (lane !== null) await planRollback(desk, lane, stand.to, tier);
  return true;
};

const isOver = (lane: LaneKey, { plan }: Run, step: TrainStep | undefined, why: string): Refusal =>
  new Refusal({
    code: "train-over",
    message: `${plan.release.id} goes back as one no longer: ${why}`,
    where: laneName(lane),
    hint: byHand(lane, step?.members.map(({ service }) => service) ?? []),
  });

const byHand = ({ environment }: LaneKey, services: readonly string[]): string =>
  services
    .map((service) => `sluice rollback ${service} ${environment}`)
    .toReversed()
    .join(", then ");

const wentBack = (lane: Lane, stable: ReleaseId): Refusal =>
  new Refusal({
    code: "train-over",
    message: `${stable} is what a train was taken back to, and goes back as one no further`,
    where: laneName(lane),
    hint: "roll its members back one by one, the last in their order first",
  });

const notBefore = (lane: Lane, to: ReleaseId, before: ReleaseId | null): Refusal =>
  new Refusal({
    code: "not-before-train",
    message: `expected ${before ?? "no --to"}, what was there before the train, found ${to}`,
    where: laneName(lane),
    hint: "deploy an older train anew, or leave --to out",
  });
