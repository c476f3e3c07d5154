// Runs in memory: the same promises as in PostgreSQL, kept by doing each thing without a pause.

import { asksForAges } from "../../core/admission/dated-gates.ts";
import { anchorDraft, createdDraft, saidDraft } from "../../core/audit-drafts.ts";
import { settle } from "../../core/commit.ts";
import type { Settlement } from "../../core/commit.ts";
import { effectId, isOnce } from "../../core/effect.ts";
import type { Effect, EffectRecord } from "../../core/effect.ts";
import type { Fact } from "../../core/fact.ts";
import { earliest } from "../../core/ids.ts";
import type { Instant, ReleaseId, RunId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane } from "../../core/lane.ts";
import { asWaiting } from "../../core/make-way.ts";
import { newRun } from "../../core/new-run.ts";
import type { Run } from "../../core/run.ts";
import type { Commit, NewRun, RunStore, StoredPass } from "../../ports/store.ts";
import { firstSeenIn } from "./sightings.ts";
import { standingFor } from "./standing.ts";
import { appendControl, emptyLane, rouse, withRecords } from "./state.ts";
import { inTheWay, trainMates, trainParts } from "./trains.ts";
import type { LaneEntry, RunEntry, State } from "./state.ts";

export const memoryRuns = (state: State): RunStore => ({
  load: async (id) => load(state, id),
  commit: async (commit) => commitPass(state, commit),
  create: async (run) => create(state, run),
  createAlone: async (run, beside) => {
    const other = state.runs.has(run.id) ? null : inTheWay(state, run, beside);
    return other === null
      ? { kind: "created", run: create(state, run) }
      : { kind: "inTheWay", run: other };
  },
  say: async (id, by, at, body) => {
    const entry = state.runs.get(id);
    if (entry === undefined) return null;
    state.last.fact += 1;
    const fact: Fact = { ...body, seq: state.last.fact, run: id, by, at };
    state.runs.set(id, { ...entry, facts: [...entry.facts, fact] });
    const { run } = entry;
    const draft = saidDraft({ run: id, planHash: run.plan.hash, by, at, fact: body });
    const place = laneEntry(state, run);
    state.lanes.set(laneName(run), { ...place, lane: withRecords(state, place.lane, [draft]) });
    rouse(state, id, at);
    return fact;
  },
});

const laneEntry = (state: State, run: Run): LaneEntry => {
  const entry = state.lanes.get(laneName(run));
  if (entry === undefined) throw new Error(`run ${run.id} without its lane`);
  return entry;
};

const load = (state: State, id: RunId): StoredPass | null => {
  const entry = state.runs.get(id);
  if (entry === undefined) return null;
  const { run, effects, facts } = entry;
  const { lane, queued } = laneEntry(state, run);
  return {
    run,
    lane,
    effects,
    facts,
    waiting: waitingFor(state, queued, id),
    standing: standingFor(state, run),
    verifiedIn: verifiedIn(state, run),
    ...(asksForAges(run.plan) ? { firstSeen: firstSeenIn(state, run.plan.release.id) } : {}),
    ...trainParts(state, run),
  };
};

const verifiedIn = (state: State, { service, plan }: Run): StoredPass["verifiedIn"] =>
  [...state.lanes.values()]
    .map(({ lane }) => lane)
    .filter((lane) => lane.service === service && isGood(lane, plan.release.id))
    .map((lane) => lane.environment)
    .toSorted();

const isGood = ({ knownGood }: Lane, release: ReleaseId): boolean =>
  knownGood.some((known) => known.release === release);

const NOBODY: StoredPass["waiting"] = [];

export const waitingFor = (
  state: State,
  queued: readonly RunId[],
  asking: RunId | null,
): StoredPass["waiting"] => {
  if (queued.length === 0) return NOBODY;
  return queued.flatMap((id) => {
    const run = state.runs.get(id)?.run;
    if (run === undefined || id === asking) return [];
    return [asWaiting(run)];
  });
};

type Committed = Awaited<ReturnType<RunStore["commit"]>>;

const commitPass = (state: State, commit: Commit): Committed => {
  const { before, decision, observedGeneration, at } = commit;
  const entry = state.runs.get(before.run.id);
  if (entry === undefined) throw new Error(`run ${before.run.id} was never created`);
  const place = laneEntry(state, before.run);
  const settled = settle({ ...before, decision, observedGeneration, at });
  const unmoved =
    entry.run.revision === before.run.revision && place.lane.revision === before.lane.revision;
  if (!unmoved) {
    rouse(state, before.run.id, at);
    return { kind: "conflict" };
  }
  const wakeAt = nextWake(entry, commit);
  state.runs.set(settled.run.id, {
    run: settled.run,
    effects: withPending(state, entry.effects, settled.effects),
    facts: entry.facts,
    wakeAt,
  });
  writeLane(state, place, settled, at);
  writeEvents(state, commit);
  state.options.hooks.wake(settled.run.id, wakeAt);
  if (settled.queueMovesUp) wakeQueued(state, settled, at);
  for (const id of trainMates(state, entry.run, settled.run)) rouse(state, id, at);
  return { kind: "committed", run: settled.run, effects: settled.effects };
};

/** Somebody spoke or finished since the pass looked: it looks again at once. */
const nextWake = (entry: RunEntry, { before, decision, at }: Commit): Instant | null => {
  if (decision.wakeAt === null) return null;
  const heardAll = entry.facts.length === before.facts.length;
  const sawAll = entry.effects === before.effects || done(entry.effects) === done(before.effects);
  return heardAll && sawAll ? decision.wakeAt : earliest(at, decision.wakeAt);
};

const done = (effects: readonly EffectRecord[]): number =>
  effects.reduce((count, effect) => count + (effect.state === "done" ? 1 : 0), 0);

const withPending = (
  state: State,
  known: readonly EffectRecord[],
  effects: readonly Effect[],
): readonly EffectRecord[] => {
  const fresh = effects.flatMap(({ key, body }): readonly EffectRecord[] =>
    isOnce(body) ? [{ effect: { key, body }, state: "pending", outcome: null }] : [],
  );
  if (fresh.length === 0) return known;
  for (const { effect } of fresh) {
    const id = effectId(effect.key);
    state.runOfEffect.set(id, effect.key.run);
    state.options.hooks.pending(id);
  }
  return [...known, ...fresh];
};

const writeLane = (state: State, place: LaneEntry, settled: Settlement, at: Instant): void => {
  const { run, drafts, ends } = settled;
  // The head of the chain may have moved since the pass was loaded; the rest has not.
  const { auditSeq, auditHash } = place.lane;
  const lane = withRecords(state, { ...settled.lane, auditSeq, auditHash }, drafts);
  const left = run.state.kind !== "queued" && place.queued.includes(run.id);
  const queued = left ? place.queued.filter((id) => id !== run.id) : place.queued;
  state.lanes.set(laneName(run), { lane, queued });
  if (!ends) return;
  appendControl(state, anchorDraft(lane, { seq: lane.auditSeq, hash: lane.auditHash }, at));
};

const writeEvents = (state: State, { before, decision, at }: Commit): void => {
  if (decision.events.length === 0) return;
  const events = state.events.get(before.run.id) ?? [];
  for (const event of decision.events) {
    state.last.event += 1;
    events.push({ ...event, seq: state.last.event, at });
  }
  state.events.set(before.run.id, events);
};

const wakeQueued = (state: State, { run }: Settlement, at: Instant): void => {
  for (const id of laneEntry(state, run).queued) state.options.hooks.wake(id, at);
};

const create = (state: State, given: NewRun): Run => {
  const there = state.runs.get(given.id);
  if (there !== undefined) return there.run;
  const run = newRun({ ...given, seq: state.runs.size + 1 });
  const place = state.lanes.get(laneName(run)) ?? emptyLane(run);
  const lane = withRecords(state, place.lane, [createdDraft(given)]);
  state.lanes.set(laneName(run), {
    lane: { ...lane, revision: lane.revision + 1 },
    queued: [...place.queued, run.id],
  });
  state.runs.set(run.id, { run, effects: [], facts: [], wakeAt: given.at });
  state.options.hooks.wake(run.id, given.at);
  if (lane.activeRun !== null) state.options.hooks.wake(lane.activeRun, given.at);
  return run;
};
