// Where every run must come to once the world has healed: ended, or waiting for a person and
// rightly so; and the traffic at 100 % on one healthy, known good release.

import type { Checklist } from "../core/admission/rule.ts";
import { followUpStep } from "../core/follow-ups.ts";
import { SLUICE } from "../core/ids.ts";
import { laneName, otherSlot, SLOTS, type Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import { openTogether } from "./calendar-truth.ts";
import { asksPeople, windowsOf } from "./gate-rules.ts";
import { undone } from "./gate-truth.ts";
import { reachedStep, stalled, unfinished } from "./reached.ts";
import { TRAIN } from "./roster.ts";
import type { Universe } from "./universe.ts";

/** Null: there. Otherwise one sentence about the first thing that is not. */
export const notYet = async (universe: Universe): Promise<string | null> => {
  const [away] = universe.absent;
  if (away !== undefined) return `the ${away} is still away`;
  const [regretted] = universe.regretted;
  if (regretted !== undefined) return `${regretted} is about to be taken back`;
  const runs = [...universe.ledger.runs.values()].filter(unfinished);
  const lanes = await universe.store.lanes.all();
  const stuck = runs.filter((run) => nowhereToGo(universe, run, laneOf(lanes, run)));
  for (const lane of lanes) {
    const own = runs.filter((run) => laneName(run) === laneName(lane));
    const active = own.find((run) => run.state.kind !== "queued");
    const waits = active !== undefined && waitsForOthers(universe, active, stuck);
    if (
      active !== undefined &&
      !waits &&
      !waitsForPerson(active) &&
      !neverOpens(universe, active)
    ) {
      const step = reachedStep(active)?.id ?? "no step";
      return `${active.id} is still ${active.state.kind} at ${step}`;
    }
    const next = own.find((run) => run.state.kind === "queued");
    if (active !== undefined && next !== undefined && nowhereToGo(universe, active, lane)) {
      return `${active.id} has nowhere to go and keeps ${next.id} waiting`;
    }
    if (active !== undefined) continue;
    const queued = own[0];
    if (queued !== undefined) return `${queued.id} is queued for a free lane`;
    const unhealthy = laneAtRest(universe, lane);
    if (unhealthy !== null) return unhealthy;
  }
  return await unopened(universe);
};

/** What is to be done after a success is open once its run has ended. */
const unopened = async (universe: Universe): Promise<string | null> => {
  const { ledger, store, time, journal } = universe;
  const about = { release: null, service: null, environment: null, at: time.now() } as const;
  const open = await store.standing.list({ kind: "followUp", ...about, limit: MOST_OPEN });
  for (const run of ledger.runs.values()) {
    const { id, plan, state, slots } = run;
    if (state.kind !== "ended" || state.outcome !== "succeeded") continue;
    // It ended in the queue: what it was to bring was there already.
    if (slots === null) continue;
    for (const list of plan.followUps ?? []) {
      const { name } = list;
      const found = open.filter(
        ({ body }) => body.kind === "followUp" && body.run === id && body.checklist.name === name,
      );
      const wanted = isSeenTo(universe, run, list) ? 0 : 1;
      if (found.length !== wanted) return `${name} of ${id} is open ${found.length} times`;
      journal.rare(wanted === 1 ? "follow-up open" : "follow-up closed");
    }
  }
  return null;
};

/** All of it was ticked, with what it asks for. */
const isSeenTo = ({ book, time }: Universe, run: Run, { name, items }: Checklist): boolean => {
  const now = time.now();
  const view = { run, book, heard: now, loadedAt: now, at: now, checked: new Set<string>() };
  const step = followUpStep({ name });
  return items.every((item) => item.check === null && undone(view, step, item) === null);
};

const laneOf = (lanes: readonly Lane[], run: Run): Lane | null =>
  lanes.find((lane) => laneName(lane) === laneName(run)) ?? null;

/** A train, for a member that has not settled and is not stuck, or is stuck while the train's time
 * to call somebody has not come; a member that has settled, for its train. Each is looked at by
 * itself. */
const waitsForOthers = ({ ledger, time }: Universe, run: Run, stuck: readonly Run[]): boolean => {
  const { train } = run.origin;
  if (train !== undefined && run.settled?.outcome === "succeeded") {
    return ledger.runs.get(train)?.settled === null;
  }
  const step = reachedStep(run);
  if (step?.kind !== "train") return false;
  const open = [...ledger.runs.values()].filter(
    (one) => one.origin.train === run.id && one.settled === null,
  );
  const calledAfterMs = step.withinMs + LOOKS_MS;
  const isEarly = run.state.kind === "back" && time.now() - run.state.since <= calledAfterMs;
  return open.some((one) => isEarly || !stuck.includes(one));
};
/** How long it may be until a train sees that its time is over. */
const LOOKS_MS = 15_000;

const MOST_OPEN = 1_000;

/** Its gate asks calendars that are never open at the same time: it waits until one is changed. */
const neverOpens = ({ time }: Universe, run: Run): boolean => {
  const step = reachedStep(run);
  if (step?.kind !== "gate") return false;
  const calendars = windowsOf(step);
  if (calendars.length < 2) return false;
  return !openTogether(calendars, time.now());
};

/** A person must act, and was told so. */
export const waitsForPerson = (run: Run): boolean => {
  const { state, hold } = run;
  if (state.kind !== "forward" && state.kind !== "back") return false;
  const step = reachedStep(run);
  // What a calendar holds goes on by itself, unless something else keeps it from that.
  if (hold !== null) return hold.by !== SLUICE || stalled(run);
  if (stalled(run) || step?.kind === "manual") return true;
  return step?.kind === "gate" && asksPeople(step, run);
};

/** Stalled for good: nothing known good to go back to, and what is there serves. Of a task that
 * takes something back somebody can say how it ended. */
export const nowhereToGo = ({ router }: Universe, run: Run, lane: Lane | null): boolean =>
  run.state.kind === "back" &&
  run.slots !== null &&
  router.peek(run).weights[run.slots.candidate] > 0 &&
  run.plan.strategy !== "train" &&
  stalled(run) &&
  reachedStep(run)?.kind !== "task" &&
  (lane?.stable ?? null) === null;

const laneAtRest = ({ target, router }: Universe, lane: Lane): string | null => {
  if (lane.service === TRAIN) return null;
  const state = target.observe(lane);
  const { weights } = router.peek(lane);
  const { stable } = lane;
  const name = laneName(lane);
  if (stable === null) {
    // What serves is left as it is while nothing better is known.
    const left = SLOTS.find((slot) => state.slots[slot].wanted.length > 0 && weights[slot] === 0);
    return left === undefined ? null : `${name} never became good, but ${left} is still up`;
  }
  const { slot, release, instances } = stable;
  const other = otherSlot(slot);
  if (weights[slot] !== 1000 || weights[other] !== 0) {
    return `${name} has blue ${weights.blue} ‰ and green ${weights.green} ‰, stable is ${slot}`;
  }
  if (state.slots[other].wanted.length > 0) return `${name}: ${other} is still up`;
  const stranger = state.slots[slot].instances.find((one) => one.release !== release);
  if (stranger !== undefined) return `${name}: ${slot} has an instance of ${stranger.release}`;
  const ready = state.slots[slot].instances.filter(({ phase }) => phase === "ready").length;
  if (ready < instances)
    return `${name}: ${ready} of ${instances} instances of ${release} are ready`;
  const known = lane.knownGood.some((good) => good.release === release);
  return known ? null : `${name}: ${release} is stable but not known good`;
};
