// prepare: the slot carries the release, with the capacity its next share needs, and the router has
// somewhere to send it. Capacity before traffic rests on this step.

import { later, versionOf } from "../ids.ts";
import type { Reason } from "../reason.ts";
import type { SlotState } from "../snapshot.ts";
import type { PrepareStep } from "../step.ts";
import { ordered, phasesText, readyOf, strangersIn } from "./slot-readiness.ts";
import { POLL_MS, overdue, reason, releaseOf, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

export const lookAtPrepare = (step: PrepareStep, context: StepContext): StepResult => {
  const { run, snapshot, now } = context;
  if (snapshot.target.kind === "unseen") {
    const reasons = [reason("target-unseen", `cannot see the target: ${snapshot.target.why}`)];
    if (overdue(context, step.withinMs)) return { kind: "fail", reasons };
    return { kind: "wait", until: later(now, POLL_MS * 4), reasons };
  }
  const slot = slotOf(run, step.role);
  const state = snapshot.target.value.slots[slot];
  const inUse = mayServe(step, context);
  if (inUse !== null) {
    if (inUse.code === "router-unseen" && overdue(context, step.withinMs)) {
      return { kind: "fail", reasons: [inUse] };
    }
    return { kind: "wait", until: later(now, POLL_MS), reasons: [inUse] };
  }
  const arrived = snapshot.target.value.generation >= run.ordered.target;
  if (!arrived || !ordered(state, step.release, step.instances)) {
    const spec = {
      slot,
      cohorts: [{ ...releaseOf(run, step.release), instances: step.instances }],
    };
    return {
      kind: "wait",
      until: later(now, POLL_MS),
      effects: [{ kind: "apply", spec }],
      reasons: [reason("preparing", `ordering ${step.instances} of ${versionOf(step.release)}`)],
    };
  }
  const ready = readyOf(state, step.release);
  const routed = snapshot.router.kind === "seen" ? snapshot.router.value.endpoints[slot] : 0;
  const numbers = { ready, routed, wanted: step.instances };
  if (
    ready >= step.instances &&
    routed >= step.instances &&
    strangersIn(state, step.release) === 0
  ) {
    const text = `${ready} of ${step.instances} instances ready`;
    return { kind: "done", reasons: [reason("prepared", text, numbers)] };
  }
  const phases = phasesText(state, step.release, run);
  const text = `${ready} of ${step.instances} instances ready (${phases})${routerTrouble(context)}`;
  if (enoughToGoBack(step, context, Math.min(ready, routed))) {
    const reduced = `goes back with reduced capacity: ${text}`;
    return { kind: "done", reasons: [reason("reduced-capacity", reduced, numbers)] };
  }
  if (overdue(context, step.withinMs)) {
    const late = `not ready within ${step.withinMs / 1000} s: ${text}`;
    return { kind: "fail", reasons: [reason("not-ready-in-time", late, numbers)] };
  }
  return {
    kind: "wait",
    until: later(now, POLL_MS),
    reasons: [reason("not-ready", text, numbers)],
  };
};

/** Instances that are ready wait for it in vain. */
const routerTrouble = ({ snapshot: { router } }: StepContext): string =>
  router.kind === "seen" && router.value.trouble !== undefined
    ? `; the router serves nothing: ${router.value.trouble}`
    : "";

type Wanted = SlotState["wanted"][number];

/** Before the first share was given, and with something in the slot that would lose instances by
 * it: no traffic must go there while it is filled anew. Uphold takes back first what nobody gave
 * it. */
const mayServe = (step: PrepareStep, { run, snapshot }: StepContext): Reason | null => {
  const { state, slots, plan } = run;
  if (state.kind !== "forward" || step.role !== "candidate" || slots === null) return null;
  if (plan.steps.slice(0, state.step).some(({ kind }) => kind === "shift")) return null;
  const { target, router } = snapshot;
  const there = target.kind === "seen" ? target.value.slots[slots.candidate].wanted : [];
  const keeps = ({ release, instances }: Wanted): boolean =>
    release === step.release && instances <= step.instances;
  if (there.every(keeps)) return null;
  if (router.kind === "unseen") {
    const text = `cannot see the router, so nobody knows whether ${slots.candidate} serves`;
    return reason("router-unseen", `${text}: ${router.why}`);
  }
  const apart = slots.stable !== null && slots.stable !== slots.candidate;
  if (!apart || router.value.weights[slots.candidate] === 0) return null;
  const text = `${slots.candidate} has traffic that nobody gave it, so it is not filled yet`;
  return reason("slot-in-use", text);
};

/** A way back must not wait for the last crash-looping instance of the good release: half of them
 * do, at once where they carry most of the traffic anyway, otherwise when the time is over. */
const enoughToGoBack = (step: PrepareStep, context: StepContext, usable: number): boolean => {
  const { run, snapshot } = context;
  if (run.state.kind !== "back" || usable === 0 || usable * 2 < step.instances) return false;
  const { router } = snapshot;
  const carries = router.kind === "seen" ? router.value.weights[slotOf(run, step.role)] : 0;
  return carries >= MOST_OF_IT || overdue(context, step.withinMs);
};

const MOST_OF_IT = 750;
