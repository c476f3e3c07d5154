// Two trains with a member in common, under way in one environment: each would keep lanes that the
// other waits for, until the time of one is over. So the second is not begun.

import type { LaneKey } from "../../core/lane.ts";
import type { Release } from "../../core/plan.ts";
import type { Definitions, TrainDefinition } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Run } from "../../core/run.ts";
import { serviceOf } from "../../core/train/train-plan.ts";
import type { Desk } from "./desk.ts";

/** Throws a Refusal `train-in-the-way` that names the other one. Nothing is asked of what is no
 * train; one train after the other in its own lane is in nobody's way. */
export const requireClearTrack = async (
  desk: Desk,
  { trains = [] }: Definitions,
  { service, environment }: LaneKey,
  { members = [] }: Release,
): Promise<void> => {
  const going: readonly string[] = members.map(serviceOf);
  const shares = (train: TrainDefinition): boolean =>
    train.name !== service && train.members.some((member) => going.includes(member.service));
  for (const other of trains.filter(shares)) {
    for (const run of await underWay(desk, { service: other.name, environment })) {
      const common = membersOf(run).filter((member) => going.includes(member));
      if (common.length > 0) throw inTheWay(run, common);
    }
  }
};

/** In the lane, or waiting for it. */
const underWay = async (desk: Desk, key: LaneKey): Promise<readonly Run[]> => {
  const active = (await desk.lanes.get(key))?.activeRun ?? null;
  const stored = active === null ? null : await desk.runs.load(active);
  if (stored === null) return [];
  const waiting = await Promise.all(stored.waiting.map(({ run }) => desk.runs.load(run)));
  return [stored, ...waiting]
    .flatMap((one) => (one === null ? [] : [one.run]))
    .filter(({ settled }) => settled === null);
};

const membersOf = ({ plan }: Run): readonly string[] =>
  plan.steps.flatMap((step) =>
    step.kind === "train" ? step.members.map(({ service }) => service) : [],
  );

const inTheWay = ({ id, service, environment, plan }: Run, common: readonly string[]): Refusal =>
  new Refusal({
    code: "train-in-the-way",
    message: `${plan.release.id} is under way with ${common.join(", ")}: ${id}`,
    where: `${service}.${environment}`,
    hint: `wait until it has settled (sluice show ${service}.${environment}), or abort it`,
  });
