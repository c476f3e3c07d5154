// What the stores' contract works with: runs of made-up lanes, and decisions about them that the
// core would not make but a store must keep.

import type { Decision } from "../core/decision.ts";
import { CANARY, planOf, playbook } from "../core/decide.testing.ts";
import type { EffectBody, OnceEffect } from "../core/effect.ts";
import { instant } from "../core/ids.ts";
import type { Actor, Digest, Instant, RunId, ServiceName } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { Run } from "../core/run.ts";
import type {
  AuditHeads,
  DefinitionStore,
  HistoryStore,
  LaneHistory,
  ReleaseStore,
} from "./catalog.ts";
import type {
  AuditStore,
  Commit,
  EffectStore,
  LaneStore,
  NewRun,
  RunStore,
  SightingStore,
  StandingStore,
  StoredPass,
} from "./store.ts";

export interface Stores {
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

export interface StoreUnderTest {
  readonly stores: Stores;
  /** When the queue would deliver the run's next wake-up; null: there is none. */
  wakeUp(run: RunId): Promise<Instant | null>;
  /** Once effects that the queue would hand out. */
  handedOut(): Promise<readonly string[]>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

export const T0 = instant(1_700_000_000_000);
export const ALICE = "alice" as Actor;

export const newRun = (id: string, change: Partial<NewRun> = {}): NewRun => ({
  id: id as RunId,
  plan: planFor("hello", "1.1.0"),
  origin: { kind: "manual", by: ALICE, reason: "because", emergency: null },
  at: T0,
  ...change,
});

export const planFor = (service: string, version: string): Plan => ({
  ...planOf(version, null, playbook([CANARY])),
  service: service as ServiceName,
  hash: `sha256:${service}-${version}` as Digest,
});

export const created = async (stores: Stores, id = "r-1"): Promise<StoredPass> => {
  const run = await stores.runs.create(newRun(id));
  return await loaded(stores, run.id);
};

export const loaded = async (stores: Stores, id: RunId): Promise<StoredPass> => {
  const pass = await stores.runs.load(id);
  if (pass === null) throw new Error(`run ${id} is not there`);
  return pass;
};

/** Decides nothing but to look again a second later. */
export const idle = (pass: StoredPass, at: Instant = T0): Commit => ({
  before: pass,
  decision: {
    run: { ...pass.run, because: [{ code: "waiting", text: "nothing to do" }] },
    lane: laneOf(pass),
    effects: [],
    events: [],
    wakeAt: instant(at + 1_000),
  },
  observedGeneration: 0,
  at,
});

const laneOf = ({ lane }: StoredPass): Decision["lane"] => ({
  activeRun: lane.activeRun,
  stable: lane.stable,
  knownGood: lane.knownGood,
});

/** The run takes its lane and begins, with one event. */
export const begin = (pass: StoredPass, effects: readonly EffectBody[] = []): Commit => {
  const commit = idle(pass);
  const { decision } = commit;
  const run: Run = { ...decision.run, state: forward(0) };
  const lane = { ...decision.lane, activeRun: run.id };
  const reasons = [{ code: "began", text: "it begins" }];
  const events = [{ type: "run.began", step: null, reasons }];
  return { ...commit, decision: { ...decision, run, lane, effects, events } };
};

/** The run goes on to another step, with one event. */
export const goOn = (
  pass: StoredPass,
  step: number,
  effects: readonly EffectBody[] = [],
): Commit => {
  const commit = idle(pass);
  const { decision } = commit;
  const reasons = [{ code: "done", text: `step ${step} is done`, numbers: { step } }];
  const events = [{ type: "step.done", step: `step-${step}`, reasons }];
  const run: Run = { ...decision.run, state: forward(step) };
  return { ...commit, decision: { ...decision, run, effects, events } };
};

const forward = (step: number): Run["state"] => ({
  kind: "forward",
  step,
  since: T0,
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
});

/** The run ends well and frees its lane. */
export const end = (pass: StoredPass): Commit => {
  const commit = idle(pass);
  const { decision } = commit;
  const { id, plan } = pass.run;
  const run: Run = {
    ...decision.run,
    settled: { outcome: "succeeded", at: T0 },
    state: { kind: "ended", outcome: "succeeded", at: T0 },
  };
  const lane: Decision["lane"] = {
    activeRun: pass.lane.activeRun === id ? null : pass.lane.activeRun,
    stable: { slot: "green", release: plan.release.id, instances: 2 },
    knownGood: [{ release: plan.release.id, at: T0 }],
  };
  const events = [{ type: "run.ended", step: null, reasons: [] }];
  return { ...commit, decision: { ...decision, run, lane, events, wakeAt: null } };
};

export const TASK: OnceEffect = {
  kind: "task",
  step: "migrate",
  attempt: 1,
  task: { kind: "command", command: ["./migrate"], env: {} },
  slot: "green",
  release: planFor("hello", "1.1.0").release,
  deadlineMs: 60_000,
  repeatable: false,
};
export const REPEATABLE: OnceEffect = { ...TASK, repeatable: true };
export const LEVEL: EffectBody = { kind: "apply", spec: { slot: "green", cohorts: [] } };

/** Begins a run with these effects and gives their ids. */
export const withEffects = async (
  stores: Stores,
  ...effects: readonly EffectBody[]
): Promise<readonly string[]> => {
  const committed = await stores.runs.commit(begin(await created(stores), effects));
  if (committed.kind === "conflict") throw new Error("nobody else was there");
  const { key } = committed.effects[0] ?? {};
  return effects.map((_, ordinal) => `${key?.run}/${key?.generation}/${ordinal}`);
};
