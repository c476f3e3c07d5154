// Going back: capacity, traffic, read back. Nothing stops it: no hold, no freeze, no approval. What
// fails on the way is paged and tried again until it is done.

import { change, end, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { clearUp } from "./forward.ts";
import { later } from "./ids.ts";
import { reason } from "./steps/step-result.ts";
import { moving } from "./moving.ts";
import { stall, travel } from "./travel.ts";
import { uphold } from "./uphold.ts";

/** How soon to try again after a step back failed. */
const RETRY_MS = 1_000;

export const back = (draft: Draft): Draft => {
  if (draft.run.settled !== null) return clearUp(draft);
  if (draft.snapshot.lane.stable === null) {
    if (draft.snapshot.router.kind === "unseen") return unsure(draft, draft.snapshot.router.why);
    if (serves(draft)) return nowhereToGo(draft);
  }
  const upheld = uphold(draft);
  if (upheld.kind === "restoring") return upheld.draft;
  const arrival = travel(upheld.draft);
  switch (arrival.kind) {
    case "waiting":
    case "finished":
      return arrival.draft;
    case "failed": {
      const why = arrival.result.reasons[0]?.text ?? "a step back failed";
      return stall(
        wake(retryStep(arrival.draft), later(draft.now, RETRY_MS)),
        arrival.step.id,
        why,
      );
    }
    case "proven":
      return settleBack(arrival.draft);
  }
};

/** The step's clock begins anew, so that it acts again; `stalled` stays until it is done. */
const retryStep = (draft: Draft): Draft => {
  const state = moving(draft);
  return change(draft, { state: { ...state, since: draft.now } });
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
    const text = `no known good release to return to; ${newer.release} takes over`;
    const settled = change(draft, { settled: { outcome: state.outcome, at: now } });
    return end(happen(settled, "run.settled", [reason(state.outcome, text)]), state.outcome);
  }
  const why = "no known good release to return to; what serves now is left as it is";
  return stall(wake(draft, later(now, RETRY_MS)), null, why);
};

const settleBack = (draft: Draft): Draft => {
  const { run, now } = draft;
  const state = moving(draft);
  if (state.kind !== "back") throw new Error(`run ${run.id} settles back while ${state.kind}`);
  const tookMs = run.breach === null ? 0 : now - run.breach.at;
  const to = state.target ?? "nothing";
  const text = `${run.environment} is back on ${to} after ${(tookMs / 1000).toFixed(1)} s`;
  const settled = change(draft, { settled: { outcome: state.outcome, at: now } });
  const late = tookMs > run.plan.rollback.withinMs;
  const reasons = [
    reason(state.outcome, text, { tookMs, promisedMs: run.plan.rollback.withinMs }),
    ...(late
      ? [reason("rollback-late", `the playbook promised ${run.plan.rollback.withinMs / 1000} s`)]
      : []),
  ];
  const told = notify(happen(settled, "run.settled", reasons), "rollback.done", text, false, {
    tookMs,
  });
  return wake(told, now);
};
