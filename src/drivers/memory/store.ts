// All stores in memory, for the simulator and for tests: deterministic, and without a clock.

import { laneName } from "../../core/lane.ts";
import type {
  AuditHeads,
  DefinitionStore,
  HistoryStore,
  LaneHistory,
  ReleaseStore,
} from "../../ports/catalog.ts";
import type {
  AuditStore,
  EffectStore,
  LaneStore,
  RunStore,
  SightingStore,
  StandingStore,
} from "../../ports/store.ts";
import { memoryDefinitions } from "./definitions.ts";
import { memoryEffects } from "./effects.ts";
import { memoryHistory } from "./history.ts";
import { memoryReleases } from "./releases.ts";
import { memoryRuns, waitingFor } from "./runs.ts";
import { firstSeenIn } from "./sightings.ts";
import { memoryStanding } from "./standing.ts";
import { appendControl, emptyState } from "./state.ts";
import type { MemoryOptions, State } from "./state.ts";

export interface MemoryStore {
  readonly runs: RunStore;
  readonly effects: EffectStore;
  readonly audit: AuditStore & AuditHeads;
  readonly standing: StandingStore;
  readonly sightings: SightingStore;
  readonly lanes: LaneStore;
  readonly releases: ReleaseStore;
  readonly definitions: DefinitionStore;
  readonly history: HistoryStore & LaneHistory;
}

export const memoryStore = (options: MemoryOptions): MemoryStore => {
  const state = emptyState(options);
  return {
    runs: memoryRuns(state),
    effects: memoryEffects(state),
    audit: memoryAudit(state),
    standing: memoryStanding(state),
    sightings: { firstSeen: async (release) => firstSeenIn(state, release) },
    lanes: {
      get: async (key) => state.lanes.get(laneName(key))?.lane ?? null,
      all: async () =>
        [...state.lanes.keys()].toSorted().flatMap((name) => state.lanes.get(name)?.lane ?? []),
      waiting: async (key) => waitingFor(state, state.lanes.get(laneName(key))?.queued ?? [], null),
    },
    releases: memoryReleases(state),
    definitions: memoryDefinitions(state),
    history: memoryHistory(state),
  };
};

const memoryAudit = (state: State): AuditStore & AuditHeads => ({
  append: async (entry) => {
    const record = appendControl(state, { ...entry, planHash: null });
    if (record === undefined) throw new Error("this store was made without an audit chain");
    return record;
  },
  chains: async () => [...state.chains.keys()].toSorted(),
  read: async (chain, after, limit) => (state.chains.get(chain) ?? []).slice(after, after + limit),
  head: async (chain) => state.chains.get(chain)?.length ?? 0,
});
