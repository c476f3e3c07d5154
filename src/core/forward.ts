// Going forward: first whatever may send the run back, then freezes and holds, then the steps.

import { change, emit, end, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { freeze } from "./freeze.ts";
import { goBack } from "./go-back.ts";
import { isHeld } from "./held.ts";
import { hurry } from "./hurry.ts";
import { later } from "./ids.ts";
import type { KnownGood, Lane, Placement } from "./lane.ts";
import { takeDownLeft } from "./left-slot.ts";
import { leftBehind } from "./left-undone.ts";
import { makesWayFor } from "./make-way.ts";
import { passGates, tellAdmissions } from "./pass-gates.ts";
import type { Reason } from "./reason.ts";
import { IDLE_MS, POLL_MS, reason } from "./steps/step-result.ts";
import type { Run } from "./run.ts";
import { tellShut } from "./tell-shut.ts";
import { keepsForTrain } from "./train/kept.ts";
import { takesTrainBack } from "./train/train-back.ts";
import { crossMembers, lostMember, turnWithTrain } from "./train/turn.ts";
import { stall, travel } from "./travel.ts";
import { uphold } from "./uphold.ts";
import { watch } from "./watch.ts";

export const forward = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  if (run.settled !== null) return clearUp(draft);
  const newer = makesWayFor(run, snapshot.waiting, now);
  if (newer !== null) {
    const reasons = [reason("superseded", `${newer.release} came while this one was under way`)];
    return goBack(draft, "superseded", `superseded by ${newer.release}`, reasons);
  }
  const turned = turnWithTrain(draft);
  if (turned !== null) return turned;
  const watched = watch(crossMembers(draft));
  const breach = watched.breach ?? lostMember(watched.draft);
  if (breach !== null) {
    return goBack(watched.draft, "rolledBack", breach.trigger, breach.reasons);
  }
  const weathered = freeze(watched.draft);
  if (weathered.run.state.kind !== "forward") return weathered;
  const upheld = uphold(hurry(passGates(weathered)));
  if (isHeld(weathered.run)) return held(upheld.draft);
  return upheld.kind === "restoring" ? upheld.draft : go(upheld.draft);
};

const held = (draft: Draft): Draft => {
  const { hold } = draft.run;
  // What freezes it has been said already.
  if (hold === null) return draft;
  const text = `held by ${hold.by}: ${hold.reason}; triggers stay armed`;
  return say(draft, reason("held", text, { since: hold.since }));
};

const go = (draft: Draft): Draft => {
  const arrival = tellShut(draft, tellAdmissions(draft, travel(draft)));
  switch (arrival.kind) {
    case "waiting":
      return arrival.draft;
    case "failed":
      return failed(arrival.draft, arrival.step.id, arrival.result.reasons);
    case "proven":
      return settle(arrival.draft);
    case "finished":
      return clearUp(arrival.draft);
  }
};

const failed = (draft: Draft, step: string, reasons: readonly Reason[]): Draft => {
  const why = reasons[0]?.text ?? "it failed";
  const unserved = draft.snapshot.lane.stable === null && draft.run.weight > 0;
  // Nothing good to return to, and what is there serves: taking it down would make it worse.
  if (unserved)
    return stall(say(wake(draft, later(draft.now, POLL_MS * 4)), ...reasons), step, why);
  const trigger = why.startsWith(`${step} `) ? why : `${step}: ${why}`;
  return goBack(draft, "failed", trigger, reasons);
};

/** The release is known good here: from now on it is what a rollback returns to. */
const settle = (draft: Draft): Draft => {
  const { run, now } = draft;
  if (run.slots === null) throw new Error(`run ${run.id} settles without slots`);
  const stable: Placement = {
    slot: run.slots.candidate,
    release: run.plan.release.id,
    instances: run.plan.instances,
  };
  const text = `${settledText(run.plan)} in ${run.environment}`;
  const settled = change(draft, { settled: { outcome: "succeeded", at: now } });
  const known: Draft = {
    ...settled,
    lane: { ...settled.lane, ...goodAfter(draft, stable) },
  };
  const promoted = run.plan.promotesTo.map((environment) => ({
    kind: "promote" as const,
    environment,
    release: run.plan.release,
  }));
  const followUps = (run.plan.followUps ?? []).map((checklist) => ({
    kind: "followUp" as const,
    checklist,
    release: run.plan.release,
  }));
  const told = happen(emit(known, ...promoted, ...followUps), "run.settled", [
    reason("succeeded", text),
    ...leftBehind(run, draft.snapshot),
  ]);
  return wake(notify(told, "run.succeeded", text), later(now, POLL_MS));
};

const settledText = ({ release, from, strategy, steps }: Run["plan"]): string => {
  if (takesTrainBack({ steps })) return `${from?.id ?? release.id} is back with all its members`;
  return `${release.id} ${strategy === "train" ? "has all its members" : "carries all traffic"}`;
};

/** The first train of all leaves none behind when it is taken back. */
const goodAfter = (draft: Draft, stable: Placement): Pick<Lane, "stable" | "knownGood"> => {
  const knownGood = knownGoodAfter(draft, stable);
  const { plan } = draft.run;
  if (!takesTrainBack(plan) || plan.from?.id !== stable.release) return { stable, knownGood };
  return { stable: null, knownGood: knownGood.slice(1) };
};

/** Kept, newest first. */
const KNOWN_GOOD_KEPT = 20;

const knownGoodAfter = (draft: Draft, stable: Placement): readonly KnownGood[] => {
  const { run, lane, now } = draft;
  // Somebody went back from it on purpose: it is good no longer.
  const left = run.origin.kind === "rollback" ? run.plan.from?.id : undefined;
  const others = lane.knownGood.filter((k) => k.release !== stable.release && k.release !== left);
  return [{ release: stable.release, at: now }, ...others].slice(0, KNOWN_GOOD_KEPT);
};

/** How soon to look again at a train; it says so itself when it has settled. */
const TRAIN_MS = 10_000;

/** After the outcome: the tail of the steps, then the last outcomes, then the end. */
export const clearUp = (draft: Draft): Draft => {
  const { settled } = draft.run;
  if (settled === null) throw new Error(`run ${draft.run.id} clears up before its outcome`);
  const urgent = draft.snapshot.waiting.some((other) => other.urgent);
  // Whoever comes next sets the weights anyway.
  const upheld = urgent ? ({ kind: "upheld", draft } as const) : uphold(draft);
  if (upheld.kind === "restoring") return upheld.draft;
  const arrival = travel(upheld.draft);
  if (arrival.kind === "waiting" || arrival.kind === "proven") return arrival.draft;
  if (arrival.kind === "failed") return stall(arrival.draft, arrival.step.id, "cannot clear up");
  const leaving = takeDownLeft(arrival.draft);
  if (leaving !== null) return leaving;
  if (!urgent && keepsForTrain(draft.run, draft.snapshot)) {
    const kept = reason("kept-for-train", "keeps its lane until its train has settled");
    return wake(say(arrival.draft, kept), later(draft.now, TRAIN_MS));
  }
  const open = draft.snapshot.effects.filter((record) => record.outcome === null).length;
  // A rollback waits for nobody's webhook: what is open is carried out after the end as well.
  if ((open === 0 || urgent) && arrival.draft.effects.length === 0) {
    return end(lostPromotions(arrival.draft), settled.outcome);
  }
  const text = `waits for ${open} notifications or promotions to be done`;
  return wake(say(arrival.draft, reason("effects-open", text)), later(draft.now, IDLE_MS));
};

/** A release that was to go on by itself and did not is told, and never just left behind. */
const lostPromotions = (draft: Draft): Draft =>
  draft.snapshot.effects.reduce((told, { effect: { body }, outcome }) => {
    if (body.kind !== "promote" || outcome === null || outcome.kind === "applied") return told;
    const { release, environment } = body;
    const text = `${release.id} was not begun in ${environment}: ${outcome.why}`;
    const data = { environment, release: release.id };
    const lost = happen(told, "promotion.failed", [reason(`promotion-${outcome.kind}`, text)]);
    return notify(lost, "promotion.failed", text, false, data);
  }, draft);
