// What trains and their members see of each other, in memory.

import { laneName } from "../../core/lane.ts";
import type { RunId, ServiceName } from "../../core/ids.ts";
import type { Run } from "../../core/run.ts";
import { matters } from "../../core/train/matters.ts";
import { memberSightOf, outlineOf, trainSightOf } from "../../core/train/sights.ts";
import { broughtBy } from "../../core/train/train-back.ts";
import type { MemberSight } from "../../core/train/train.ts";
import type { Beside, NewRun, StoredPass } from "../../ports/store.ts";
import type { State } from "./state.ts";

export const trainParts = (state: State, run: Run): Pick<StoredPass, "members" | "train"> => {
  const { origin, plan } = run;
  const train = origin.train === undefined ? undefined : state.runs.get(origin.train)?.run;
  if (train !== undefined) return { train: trainSightOf(train) };
  const services = plan.steps.flatMap((step) =>
    step.kind === "train" ? step.members.map(({ service }) => service) : [],
  );
  return services.length === 0 ? {} : { members: membersOf(state, run, services) };
};

const membersOf = (
  state: State,
  run: Run,
  services: readonly ServiceName[],
): readonly MemberSight[] => {
  const { environment } = run;
  const runs = broughtBy(run)
    .flatMap((id) => runsOf(state, id))
    .map(outlineOf);
  return services.map((service) => {
    const lane = state.lanes.get(laneName({ service, environment }))?.lane;
    const stable = lane?.stable?.release ?? null;
    return memberSightOf(service, { stable, idle: (lane?.activeRun ?? null) === null }, runs);
  });
};

/** Begun by this train, oldest first. */
const runsOf = (state: State, train: RunId): readonly Run[] =>
  [...state.runs.values()].map(({ run }) => run).filter(({ origin }) => origin.train === train);

/** Whom this commit concerns: the train of a member, the members of a train. */
export const trainMates = (state: State, before: Run, after: Run): readonly RunId[] => {
  if (!matters(before, after)) return [];
  if (after.origin.train !== undefined) return [after.origin.train];
  return runsOf(state, after.id).map(({ id }) => id);
};

/** The oldest run of these trains that is under way in the environment with one of the members. */
export const inTheWay = (
  state: State,
  { plan: { environment } }: NewRun,
  { trains, members }: Beside,
): RunId | null => {
  const found = [...state.runs.values()].find(
    ({ run }) =>
      run.environment === environment &&
      run.settled === null &&
      trains.includes(run.service) &&
      run.plan.steps.some(
        (step) =>
          step.kind === "train" && step.members.some(({ service }) => members.includes(service)),
      ),
  );
  return found?.run.id ?? null;
};
