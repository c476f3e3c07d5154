// The past in memory.

import type { ReleaseId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { LaneKey } from "../../core/lane.ts";
import type { Run } from "../../core/run.ts";
import type { CrossedStep, HistoryStore, LaneHistory, RunListFilter } from "../../ports/catalog.ts";
import type { State } from "./state.ts";

export const memoryHistory = (state: State): HistoryStore & LaneHistory => {
  const newestFirst = (): readonly Run[] =>
    [...state.runs.values()].map((entry) => entry.run).toReversed();
  return {
    list: async (filter) =>
      newestFirst()
        .filter((run) => fits(run, filter))
        .slice(0, filter.limit),
    events: async (run, after, limit) =>
      (state.events.get(run) ?? []).filter((event) => event.seq > after).slice(0, limit),
    nextWake: async (run) => state.runs.get(run)?.wakeAt ?? null,
    idsLike: async (beginning, limit) =>
      newestFirst()
        .map((run) => run.id)
        .filter((id) => id.startsWith(beginning))
        .slice(0, limit),
    succeeded: async (lane, release) =>
      newestFirst().find((run) => succeededIn(run, lane, release)) ?? null,
    lastPlan: async (lane) =>
      newestFirst().find((run) => laneName(run) === laneName(lane))?.plan ?? null,
    crossedSince: async (lane, release) => {
      const runs = newestFirst();
      const last = runs.find((run) => succeededIn(run, lane, release));
      if (last === undefined) return [];
      return runs
        .filter((run) => run.seq > last.seq && laneName(run) === laneName(lane))
        .flatMap((run) => (run.settled === null ? [] : crossedBy(run)))
        .slice(0, MAX_CROSSED);
    },
  };
};

const MAX_CROSSED = 100;

const crossedBy = ({ id, noReturn }: Run): readonly CrossedStep[] =>
  noReturn === null ? [] : [{ run: id, step: noReturn }];

const succeededIn = (run: Run, lane: LaneKey, release: ReleaseId): boolean =>
  laneName(run) === laneName(lane) &&
  run.plan.release.id === release &&
  run.settled?.outcome === "succeeded";

const fits = (run: Run, { service, environment, state }: RunListFilter): boolean => {
  if (service !== null && run.service !== service) return false;
  if (environment !== null && run.environment !== environment) return false;
  if (state === null) return true;
  if (run.state.kind !== "ended") return state === "active";
  return state === "ended" || run.state.outcome === state;
};
