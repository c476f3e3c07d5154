// The past in memory.

import { laneName } from "../../core/lane.ts";
import type { Run } from "../../core/run.ts";
import type { HistoryStore, LaneHistory, RunListFilter } from "../../ports/catalog.ts";
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
      newestFirst().find(
        (run) =>
          laneName(run) === laneName(lane) &&
          run.plan.release.id === release &&
          run.settled?.outcome === "succeeded",
      ) ?? null,
    lastPlan: async (lane) =>
      newestFirst().find((run) => laneName(run) === laneName(lane))?.plan ?? null,
  };
};

const fits = (run: Run, { service, environment, state }: RunListFilter): boolean => {
  if (service !== null && run.service !== service) return false;
  if (environment !== null && run.environment !== environment) return false;
  if (state === null) return true;
  if (run.state.kind !== "ended") return state === "active";
  return state === "ended" || run.state.outcome === state;
};
