// All stores over one pool.

import type pg from "pg";

import type {
  AuditHeads,
  DefinitionStore,
  HistoryStore,
  LaneHistory,
  ReleaseStore,
} from "../ports/catalog.ts";
import type {
  AuditStore,
  EffectStore,
  LaneStore,
  RunStore,
  SightingStore,
  StandingStore,
} from "../ports/store.ts";
import { pgAudit } from "./audit.ts";
import { pgDefinitions } from "./definitions.ts";
import { pgEffects } from "./effects.ts";
import { pgHistory } from "./history.ts";
import { pgLanes } from "./lanes.ts";
import { pgReleases } from "./releases.ts";
import { pgRuns } from "./runs.ts";
import { firstSeenIn } from "./sightings.ts";
import { pgStanding } from "./standing.ts";

export interface PgStore {
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

/** The database must have been migrated. */
export const pgStore = (pool: pg.Pool): PgStore => ({
  runs: pgRuns(pool),
  effects: pgEffects(pool),
  audit: pgAudit(pool),
  standing: pgStanding(pool),
  sightings: { firstSeen: (release) => firstSeenIn(pool, release) },
  lanes: pgLanes(pool),
  releases: pgReleases(pool),
  definitions: pgDefinitions(pool),
  history: pgHistory(pool),
});
