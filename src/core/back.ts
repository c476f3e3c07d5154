// Going back: capacity, traffic, read back, then what else is to be taken back. Nothing stops it:
// no hold, no freeze, no approval. What fails on the way is paged and tried again until it is done.

import { change, end, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { clearUp } from "./forward.ts";
import { hurry } from "./hurry.ts";
import { later } from "./ids.ts";
import { SLOTS } from "./lane.ts";
import type { SlotName } from "./lane.ts";
import { leftBehind } from "./left-undone.ts";
import type { Reason } from "./reason.ts";
import { reason } from "./steps/step-result.ts";
import { moving, stepsOf } from "./moving.ts";
import { order } from "./order.ts";
import { backInTime, missReasons, promiseOf } from "./promised-time.ts";
import { stall, travel, tryAgain } from "./travel.ts";
import { undoneBy } from "./undo.ts";
import { uphold } from "./uphold.ts";

/** How soon to try again after a step back failed. */
const RETRY_MS = 1_000;

export const back = (draft: Draft): Draft => {
  const gone = backInTime(goOn(draft));
  return gone.run.state.kind === "back" ? say(gone, ...leftBehind(gone.run, gone.snapshot)) : gone;
};

const goOn = (draft: Draft): Draft => {
  const { run, snapshot } = draft;
  // A word that came after the outcome may have more taken back before the slot goes.
  const undoing = undoneBy(stepsOf(run)[moving(draft).step]?.id ?? "") !== null;
  if (run.settled !== null && !undoing) return clearUp(draft);
  // Whoever takes things back had no traffic before: what it has now is put right like any other.
  if (run.settled === null && snapshot.lane.stable === null && !undoing) {
    if (snapshot.router.kind === "unseen") return unsure(draft, snapshot.router.why);
    if (serves(draft)) return nowhereToGo(draft);
  }
  const hurried = undoing ? draft : hurry(draft);
  // Nothing more is taken back while nobody sees that the traffic is where it should be.
  if (undoing && snapshot.router.kind === "unseen") return unsure(draft, snapshot.router.why);
  const upheld = uphold(hurried);
  if (upheld.kind === "restoring") return upheld.draft;
  const arrival = travel(upheld.draft);
  switch (arrival.kind) {
    case "waiting":
      return arrival.draft;
    case "finished":
      return clearUp(arrival.draft);
    case "failed": {
      const why = arrival.result.reasons[0]?.text ?? "a step back failed";
      const again = say(tryAgain(arrival.draft), ...arrival.result.reasons);
      return stall(wake(again, later(draft.now, RETRY_MS)), arrival.step.id, why);
    }
    case "proven":
      return settleBack(arrival.draft);
  }
};

/** The candidate has traffic. An order that has not arrived counts for nothing: the shift to 0
 * comes under a newer generation and keeps it out. */
const serves = ({ run, snapshot }: Draft): boolean => {
  const { router } = snapshot;
  const seen = router.kind === "seen" && run.slots !== null;
  return seen && router.value.weights[run.slots.candidate] > 0;
};

const unsure = (draft: Draft, why: string): Draft => {
  const text = `cannot see the router, so nobody knows whether the candidate serves: ${why}`;
  const waiting = wake(say(draft, reason("router-unseen", text)), later(draft.now, RETRY_MS));
  const late = draft.now - moving(draft).since > draft.run.plan.shiftWithinMs;
  return late ? stall(waiting, null, text) : waiting;
};

/** A newer release is the way out: it gets the lane as it is. Until one comes, a person is asked.
 * */
const nowhereToGo = (draft: Draft): Draft => {
  const { now, snapshot } = draft;
  const state = moving(draft);
  const newer = snapshot.waiting[0];
  if (newer !== undefined && state.kind === "back") {
    const idle = idleSlot(draft);
    if (idle !== null) {
      const reasons = [reason("retiring", `taking ${idle} down, which has no traffic`)];
      const effects = [{ kind: "apply" as const, spec: { slot: idle, cohorts: [] } }];
      return order(say(draft, ...reasons), { effects, reasons, event: "step.acted", step: null });
    }
    const text = `no known good release to return to; ${newer.release} takes over`;
    const settled = change(draft, { settled: { outcome: state.outcome, at: now } });
    return end(happen(settled, "run.settled", [reason(state.outcome, text)]), state.outcome);
  }
  const { service, environment } = draft.run;
  const why =
    "no known good release to return to; what serves now is left as it is until another release " +
    `takes over: sluice deploy ${service} ${environment} VERSION`;
  return stall(wake(draft, later(now, RETRY_MS)), null, why);
};

/** Should the newer run be called off before it begins, nobody else would clear it up. */
const idleSlot = ({ snapshot: { router, target } }: Draft): SlotName | null => {
  if (router.kind === "unseen" || target.kind === "unseen") return null;
  const { weights } = router.value;
  const { slots } = target.value;
  return SLOTS.find((slot) => weights[slot] === 0 && slots[slot].wanted.length > 0) ?? null;
};

const settleBack = (draft: Draft): Draft => {
  const { run, now } = draft;
  const state = moving(draft);
  if (state.kind !== "back") throw new Error(`run ${run.id} settles back while ${state.kind}`);
  const tookMs = run.breach === null ? 0 : now - run.breach.at;
  const to = state.target ?? "nothing";
  const where =
    run.plan.strategy === "train" ? `${run.plan.release.id} is back` : `is back on ${to}`;
  const text = `${run.environment} ${where} after ${(tookMs / 1000).toFixed(1)} s`;
  const settled = change(draft, { settled: { outcome: state.outcome, at: now } });
  const reasons: readonly Reason[] = [
    reason(state.outcome, text, { tookMs, promisedMs: promiseOf(run) }),
    ...missReasons(run, tookMs),
    ...leftBehind(draft.run, draft.snapshot),
  ];
  const told = notify(happen(settled, "run.settled", reasons), "rollback.done", text, false, {
    tookMs,
  });
  return wake(told, now);
};
