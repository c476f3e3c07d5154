// What the stores in memory keep. Everything kept is immutable and replaced, never changed, so that
// what was handed out stays as it was.

import type { AuditRecord } from "../../core/audit.ts";
import { GENESIS } from "../../core/audit.ts";
import { append, CONTROL } from "../../core/audit-drafts.ts";
import type { AuditDraft } from "../../core/audit-drafts.ts";
import type { EffectRecord } from "../../core/effect.ts";
import type { Sighting } from "../../core/evidence/sightings.ts";
import type { Fact } from "../../core/fact.ts";
import type { Instant, ReleaseId, RunId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import type { Run } from "../../core/run.ts";
import type { Standing } from "../../core/standing.ts";
import type { StoredEvent, StoredRelease } from "../../ports/catalog.ts";

/** Told what the PostgreSQL store leaves to its queue. */
export interface StoreHooks {
  /** The run's next wake-up, in place of the one it had; null: none any more. */
  wake(run: RunId, at: Instant | null): void;
  /** A once effect is there to be claimed. */
  pending(id: string): void;
}

export interface MemoryOptions {
  readonly hooks: StoreHooks;
  /** `off` keeps no chain: for those who need the speed and do not look at it. */
  readonly audit: "sealed" | "off";
}

export interface RunEntry {
  readonly run: Run;
  readonly effects: readonly EffectRecord[];
  readonly facts: readonly Fact[];
  readonly wakeAt: Instant | null;
}

export interface LaneEntry {
  readonly lane: Lane;
  /** Queued runs, oldest first. */
  readonly queued: readonly RunId[];
}

export interface Claim {
  readonly by: string;
  readonly beatAt: Instant;
}

export interface StandingEntry {
  /** As chosen by whoever said it. */
  readonly id: string;
  readonly fact: Standing;
  /** False: ended, or long over; passes do not look at it. */
  readonly live: boolean;
}

export interface State {
  readonly options: MemoryOptions;
  readonly runs: Map<RunId, RunEntry>;
  readonly lanes: Map<string, LaneEntry>;
  /** Which run an effect belongs to. */
  readonly runOfEffect: Map<string, RunId>;
  /** Of started effects. */
  readonly claims: Map<string, Claim>;
  readonly events: Map<RunId, StoredEvent[]>;
  readonly chains: Map<string, AuditRecord[]>;
  /** In order of their numbers. */
  standing: readonly StandingEntry[];
  readonly releases: Map<ReleaseId, StoredRelease>;
  /** The first of each finding, by service. */
  readonly sightings: Map<string, Map<string, Sighting>>;
  /** Last numbers given. */
  readonly last: { fact: number; event: number };
}

export const emptyState = (options: MemoryOptions): State => ({
  options,
  runs: new Map(),
  lanes: new Map(),
  runOfEffect: new Map(),
  claims: new Map(),
  events: new Map(),
  chains: new Map(),
  standing: [],
  last: { fact: 0, event: 0 },
  releases: new Map(),
  sightings: new Map(),
});

export const emptyLane = ({ service, environment }: LaneKey): LaneEntry => ({
  lane: {
    service,
    environment,
    revision: 1,
    generation: 0,
    activeRun: null,
    stable: null,
    knownGood: [],
    auditSeq: 0,
    auditHash: GENESIS,
  },
  queued: [],
});

/** The lane with the head of its chain moved over the drafts. */
export const withRecords = (state: State, lane: Lane, drafts: readonly AuditDraft[]): Lane => {
  if (state.options.audit === "off" || drafts.length === 0) return lane;
  const head = { seq: lane.auditSeq, hash: lane.auditHash };
  const end = keep(state, append(laneName(lane), head, drafts));
  return end === undefined ? lane : { ...lane, auditSeq: end.seq, auditHash: end.hash };
};

export const appendControl = (state: State, draft: AuditDraft): AuditRecord | undefined => {
  if (state.options.audit === "off") return undefined;
  const end = state.chains.get(CONTROL)?.at(-1);
  const head = { seq: end?.seq ?? 0, hash: end?.hash ?? GENESIS };
  return keep(state, append(CONTROL, head, [draft]));
};

const keep = (state: State, records: readonly AuditRecord[]): AuditRecord | undefined => {
  for (const record of records) {
    const chain = state.chains.get(record.chain);
    if (chain === undefined) state.chains.set(record.chain, [record]);
    else chain.push(record);
  }
  return records.at(-1);
};

/** An unfinished run is to be looked at now. */
export const rouse = (state: State, id: RunId, at: Instant): void => {
  const entry = state.runs.get(id);
  if (entry === undefined || entry.run.state.kind === "ended") return;
  state.runs.set(id, { ...entry, wakeAt: at });
  state.options.hooks.wake(id, at);
};
