// Waiting for the lane and taking it. One active run per service and environment; the next queues,
// or, where its playbook says so, only the newest of those that wait goes on.

import { emergencyLasts } from "./admission/request.ts";
import { change, end, freshProgress, happen, notify, say, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import { SLOTS, otherSlot } from "./lane.ts";
import type { SlotName } from "./lane.ts";
import { isAhead, isEmergency } from "./make-way.ts";
import type { Plan } from "./plan.ts";
import type { Run } from "./run.ts";
import { replannedReasons } from "./replanned.ts";
import type { FreshPlan } from "./snapshot.ts";
import { IDLE_MS, POLL_MS, reason } from "./steps/step-result.ts";
import { isMemberBack, takesTrainBack } from "./train/train-back.ts";
import { turnWithTrain } from "./train/turn.ts";
import { undoneByRollback } from "./undo.ts";

/** How soon to ask again for a plan that could not be made. */
const REPLAN_MS = 5_000;

export const takeLane = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const { lane, waiting } = snapshot;
  const turned = turnWithTrain(draft);
  if (turned !== null) return turned;
  const newer = waiting.find((other) => other.seq > run.seq);
  const outranks = run.origin.kind === "rollback" || emergencyLasts(run, now);
  if (newer !== undefined && run.plan.onNewer === "supersede" && !outranks) {
    const reasons = [reason("superseded", `${newer.release} came before this one began`)];
    const settled = { outcome: "superseded" as const, at: now };
    return end(happen(change(draft, { settled }), "run.settled", reasons), "superseded");
  }
  if (lane.activeRun !== null && lane.activeRun !== run.id) {
    const text = `run ${lane.activeRun} has the lane`;
    return wake(say(draft, reason("lane-busy", text)), later(now, IDLE_MS));
  }
  const ahead = waiting.find((other) => isAhead(run, other, now));
  if (ahead !== undefined) {
    const behind = say(draft, reason("in-queue", `${ahead.release} is before it`));
    const waits = wake(behind, later(now, IDLE_MS));
    // Then it is an emergency no more, and perhaps not ahead.
    return isEmergency(ahead, now) ? wake(waits, ahead.emergencyUntil) : waits;
  }
  return begin(draft);
};

const begin = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const stable = snapshot.lane.stable;
  const takesBack = takesTrainBack(run.plan);
  if (!takesBack && stable?.release === run.plan.release.id) return alreadyThere(draft);
  if ((run.plan.from?.id ?? null) !== (stable?.release ?? null)) {
    return takesBack || isMemberBack(run) ? trainGone(draft) : replan(draft);
  }
  const slots = slotsFor(draft);
  if (slots === null) {
    const text = "cannot see the router, so nobody knows which slot serves now";
    return wake(say(draft, reason("router-unseen", text)), later(now, POLL_MS));
  }
  const taken = change(draft, {
    slots,
    state: { kind: "forward", ...freshProgress(0, now) },
    // Orders of runs before this one may still be on their way: only what this run orders, under a
    // newer generation, keeps them out.
    ordered: { target: snapshot.lane.generation, router: snapshot.lane.generation },
  });
  const owned: Draft = { ...taken, lane: { ...taken.lane, activeRun: run.id } };
  const what = takesBack ? `the way back of ${run.plan.from?.id ?? ""}` : run.plan.release.id;
  const text = `${what} begins in ${run.environment}`;
  return notify(happen(owned, "run.began", [reason("began", text)]), "run.began", text);
};

/** Asked for twice: somebody else brought it while this one waited. A rollback has what it is for;
 * of any other not one step was taken, so it does not count as a success. */
const alreadyThere = (draft: Draft): Draft => {
  const { run, now } = draft;
  const missed = run.origin.kind === "rollback" ? notAsFar(draft) : null;
  if (missed !== null) return missed;
  const reasons = [reason("already-stable", `${run.plan.release.id} is stable already`)];
  const outcome = run.origin.kind === "rollback" ? ("succeeded" as const) : ("superseded" as const);
  const settled = { outcome, at: now };
  return end(happen(change(draft, { settled }), "run.settled", reasons), outcome);
};

/** Who brought it may have taken back less than this one was asked for. Null: nothing was left. */
const notAsFar = (draft: Draft): Draft | null => {
  const { run, snapshot, now } = draft;
  if (!run.plan.steps.some((step) => undoneByRollback(run.plan, step))) return null;
  const { freshPlan } = snapshot;
  if (freshPlan?.kind === "refused") {
    return freshPlan.code === "left-undone" ? noWay(draft, freshPlan) : null;
  }
  const text = `${run.plan.release.id} is stable already; nobody knows whether all is taken back`;
  return wake(say(draft, reason("no-plan", text)), later(now, REPLAN_MS));
};

/** Another train has come, or somebody took it back, while this one waited; or the member carries
 * what an emergency brought, which is none of the train's. */
const trainGone = (draft: Draft): Draft => {
  const { run, now } = draft;
  const reasons = [reason("train-over", `${run.plan.from?.id ?? "it"} is not there any more`)];
  const settled = { outcome: "superseded" as const, at: now };
  return end(happen(change(draft, { settled }), "run.settled", reasons), "superseded");
};

/** Where nothing was ever good here, a run before may still have left something that serves: it
 * keeps its slot until this one has taken the traffic over. Null: nobody can see whether. */
const slotsFor = ({ run, snapshot }: Draft): Run["slots"] => {
  const { lane, router } = snapshot;
  if (lane.stable !== null) {
    const stable = lane.stable.slot;
    return { stable, candidate: isInPlace(run.plan) ? stable : otherSlot(stable) };
  }
  if (router.kind === "unseen") return null;
  const { weights, endpoints } = router.value;
  // What answers now comes before what has the larger share and nothing to answer with.
  const answered = (slot: SlotName): number => weights[slot] * (endpoints[slot] > 0 ? 1_000 : 1);
  const [serving = null] = SLOTS.filter((slot) => weights[slot] > 0).toSorted(
    (a, b) => answered(b) - answered(a),
  );
  return { stable: serving, candidate: serving === null ? "blue" : otherSlot(serving) };
};

const isInPlace = ({ strategy }: Plan): boolean =>
  strategy === "rolling" || strategy === "recreate";

/** The lane's stable release changed while the run waited: what was planned is no longer true. */
const replan = (draft: Draft): Draft => {
  const { run, snapshot, now } = draft;
  const stable = snapshot.lane.stable?.release ?? null;
  const fresh = snapshot.freshPlan;
  if (fresh?.kind === "refused" && run.origin.kind === "rollback") return noWay(draft, fresh);
  if (fresh?.kind !== "plan" || (fresh.plan.from?.id ?? null) !== stable) {
    const why = fresh?.kind === "refused" ? `: ${fresh.why}` : "";
    const text = `the stable release changed and no plan could be made from the present one${why}`;
    return wake(say(draft, reason("no-plan", text)), later(now, REPLAN_MS));
  }
  const reasons = replannedReasons(run.plan, fresh);
  return begin(happen(change(draft, { plan: fresh.plan }), "run.replanned", reasons));
};

/** What was asked for would be refused now. It is not done by half, and nobody waits behind it. */
const noWay = (draft: Draft, { code, why }: Extract<FreshPlan, { kind: "refused" }>): Draft => {
  const { run, now } = draft;
  const text = `the rollback to ${run.plan.release.id} in ${run.environment} did not begin: ${why}`;
  const reasons = [reason(code, text)];
  const settled = { outcome: "failed" as const, at: now };
  const over = happen(change(say(draft, ...reasons), { settled }), "run.settled", reasons);
  return end(notify(over, "run.ended", text, true, { outcome: "failed", code }), "failed");
};
