// Two trains with a member in common, under way in one environment: each would keep lanes that the
// other waits for, until the time of one is over. So the second is not begun.

import type { LaneKey } from "../../core/lane.ts";
import type { Release } from "../../core/plan.ts";
import type { Definitions, TrainDefinition } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Run } from "../../core/run.ts";
import { serviceOf } from "../../core/train/train-plan.ts";
import type { NewRun } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";

/** Throws a Refusal `train-in-the-way` that names the other one. Nothing is asked of what is no
 * train; one train after the other in its own lane is in nobody's way. */
export const requireClearTrack = async (
  desk: Desk,
  definitions: Definitions,
  key: LaneKey,
  release: Release,
): Promise<void> => {
  const [first] = await inTheWayOf(desk, definitions, key, release);
  if (first !== undefined) throw refusalOf(first);
};

/** Asked again as it begins, in one transaction: two that are asked for at the same moment do not
 * miss each other. Throws a Refusal `train-in-the-way`. */
export const createInClear = async (
  desk: Desk,
  { trains = [] }: Definitions,
  given: NewRun,
): Promise<Run> => {
  const { service, release } = given.plan;
  const members = (release.members ?? []).map(serviceOf);
  if (members.length === 0) return await desk.runs.create(given);
  const others = trains.filter(({ name }) => name !== service).map(({ name }) => name);
  const made = await desk.runs.createAlone(given, { trains: others, members });
  if (made.kind === "created") return made.run;
  const other = (await desk.runs.load(made.run))?.run;
  if (other === undefined) throw new Error(`run ${made.run} is in the way and not there`);
  const common = membersOf(other).filter((member) => members.some((one) => one === member));
  throw refusalOf({ run: other, common });
};

interface InTheWay {
  readonly run: Run;
  readonly common: readonly string[];
}

const inTheWayOf = async (
  desk: Desk,
  { trains = [] }: Definitions,
  { service, environment }: LaneKey,
  { members = [] }: Release,
): Promise<readonly InTheWay[]> => {
  const going: readonly string[] = members.map(serviceOf);
  const shares = (train: TrainDefinition): boolean =>
    train.name !== service && train.members.some((member) => going.includes(member.service));
  const found = await Promise.all(
    trains.filter(shares).map(({ name }) => underWay(desk, { service: name, environment })),
  );
  return found.flat().flatMap((run) => {
    const common = membersOf(run).filter((member) => going.includes(member));
    return common.length === 0 ? [] : [{ run, common }];
  });
};

/** In the lane, or waiting for it. */
const underWay = async (desk: Desk, key: LaneKey): Promise<readonly Run[]> => {
  const active = (await desk.lanes.get(key))?.activeRun ?? null;
  const waiting = (await desk.lanes.waiting(key)).map(({ run }) => run);
  const ids = new Set([...(active === null ? [] : [active]), ...waiting]);
  const stored = await Promise.all([...ids].map((id) => desk.runs.load(id)));
  return stored
    .flatMap((one) => (one === null ? [] : [one.run]))
    .filter(({ settled }) => settled === null);
};

const membersOf = ({ plan }: Run): readonly string[] =>
  plan.steps.flatMap((step) =>
    step.kind === "train" ? step.members.map(({ service }) => service) : [],
  );

const refusalOf = ({ run: { id, service, environment, plan }, common }: InTheWay): Refusal =>
  new Refusal({
    code: "train-in-the-way",
    message: `${plan.release.id} is under way with ${common.join(", ")}: ${id}`,
    where: `${service}.${environment}`,
    hint: `wait until it has settled (sluice show ${service}.${environment}), or abort it`,
  });
