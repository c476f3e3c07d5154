// Traffic that returns by shares is in a hurry where the release it leaves is not worth a share any
// more, or time or somebody waits: from then on the shares that are left are passed over.

import { openAlerts } from "./alerts.ts";
import { judgeTrigger } from "./analysis.ts";
import { change, happen, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import type { DurationMs, Permille } from "./ids.ts";
import { isEmergency } from "./make-way.ts";
import { stepsOf } from "./moving.ts";
import { promiseOf } from "./promised-time.ts";
import type { Reason } from "./reason.ts";
import {
  isOnTheWay,
  leavingConditions,
  leavingSlots,
  restOfBakesMs,
  returnsByShares,
} from "./return-shares.ts";
import type { Run } from "./run.ts";
import type { ShiftStep, Step } from "./step.ts";
import { percentText } from "./strategies/strategy-steps.ts";
import { reason } from "./steps/step-result.ts";
import { formatDuration } from "./units.ts";
import { nextSample } from "./watch.ts";

/** Looks for a reason in every pass as long as shares are left, and remembers the first. */
export const hurry = (draft: Draft): Draft => {
  const { run, now } = draft;
  if (!returnsByShares(run)) return draft;
  const why = whyAtOnce(draft);
  if (why !== null) return hurryFor(draft, why);
  return leavingConditions(run).length === 0 ? draft : wake(draft, nextSample(run, now));
};

export const hurryFor = (draft: Draft, why: Reason): Draft => {
  const { state } = draft.run;
  const at = state.kind === "back" || state.kind === "forward" ? state.step : -1;
  const step = stepsOf(draft.run)[at]?.id ?? null;
  return happen(change(draft, { atOnce: why.text }), "rollback.hurried", [why], step);
};

/** Null: it may go on by its shares. What cannot be measured or seen is no reason: either way leads
 * to what is good. */
export const whyAtOnce = (draft: Draft): Reason | null =>
  urgentBehind(draft) ??
  burning(draft) ??
  lessThanItsShare(draft) ??
  tooFewInstances(draft) ??
  tooLate(draft);

const atOnce = (text: string): Reason =>
  reason("at-once", `what is left of the traffic goes back at once: ${text}`);

const urgentBehind = ({ snapshot, now }: Draft): Reason | null => {
  const other = snapshot.waiting.find((one) => one.urgent || isEmergency(one, now));
  return other === undefined ? null : atOnce(`${other.release} waits for the lane`);
};

const burning = ({ run, snapshot, now }: Draft): Reason | null => {
  const { baseline } = run;
  const { analysis } = run.plan;
  const slots = leavingSlots(run);
  const series = snapshot.metrics;
  const sight = { series, baseline, analysis, slots, now, alerts: openAlerts(snapshot.facts) };
  const holds = leavingConditions(run)
    .map((condition) => judgeTrigger(condition, sight))
    .find(({ kind }) => kind === "holds");
  if (holds === undefined) return null;
  return atOnce(holds.reasons[0]?.text ?? holds.condition.text);
};

/** What a step on the way leaves to the release that is being left. */
const keptBy = ({ state }: Run, { candidate }: ShiftStep): Permille =>
  state.kind === "back" ? candidate : 1000 - candidate;

const sharesIn = (run: Run, steps: readonly Step[]): readonly ShiftStep[] =>
  steps.filter((step): step is ShiftStep => step.kind === "shift" && isOnTheWay(run, step));

/** The share that the step before it, or the one under way, gives to what is left behind. */
const shareOf = ({ run }: Draft): Permille | null => {
  const { state } = run;
  if (state.kind !== "back" && state.kind !== "forward") return null;
  const shift = sharesIn(run, stepsOf(run).slice(0, state.step + 1)).at(-1);
  return shift === undefined ? null : keptBy(run, shift);
};

/** The one that it will be given first; null: all of the traffic goes at once. */
const firstShare = ({ run }: Draft): Permille | null => {
  const [shift] = sharesIn(run, stepsOf(run));
  return shift === undefined ? null : keptBy(run, shift);
};

/** Somebody took it away behind our back, or an order never arrived: nobody gives it back. */
const lessThanItsShare = (draft: Draft): Reason | null => {
  const { run, snapshot } = draft;
  const { router } = snapshot;
  if (run.slots === null) return null;
  const share = shareOf(draft) ?? firstShare(draft);
  if (share === null || router.kind === "unseen") return null;
  const slot = leavingSlots(run).judged;
  const has = router.value.weights[slot];
  if (has >= share) return null;
  return atOnce(`${slot} has ${percentText(has)} % already, and not ${percentText(share)} %`);
};

/** A share is not kept where there are not the instances for it. */
const tooFewInstances = (draft: Draft): Reason | null => {
  const { run, snapshot } = draft;
  const { target, router, lane } = snapshot;
  if (target.kind === "unseen" || router.kind === "unseen") return null;
  const slot = leavingSlots(run).judged;
  const back = run.state.kind === "back";
  const share = shareOf(draft) ?? (back ? run.weight : 1000);
  const full = back ? run.plan.instances : (lane.stable?.instances ?? run.plan.instances);
  const needed = Math.max(1, Math.ceil((full * share) / 1000));
  const ready = target.value.slots[slot].instances.filter(({ phase }) => phase === "ready").length;
  const usable = Math.min(ready, router.value.endpoints[slot]);
  if (usable >= needed) return null;
  const part = `${percentText(share)} %`;
  return atOnce(`${slot} has ${usable} ready instances of the ${needed} that ${part} need`);
};

/** What the last shift may need of the promised time, at most a tenth of it. */
const reserveMs = (run: Run): DurationMs => Math.min(run.plan.shiftWithinMs, promiseOf(run) / 10);

/** The playbook promised how long it takes, from the breach, or from when the rollback was asked
 * for. */
const tooLate = ({ run, now }: Draft): Reason | null => {
  const withinMs = promiseOf(run);
  const began = run.state.kind === "back" ? (run.breach?.at ?? now) : run.createdAt;
  const end = later(now, restOfBakesMs(run, now) + reserveMs(run));
  if (end <= later(began, withinMs)) return null;
  return atOnce(`its shares do not fit into its ${formatDuration(withinMs)}`);
};
