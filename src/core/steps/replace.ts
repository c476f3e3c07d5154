// replace: instance by instance within one slot, never more than maxSurge above nor maxUnavailable
// below its size. Each pass computes the next order from what is observed, so it goes on after any
// interruption and backwards as well as forwards.

import { later } from "../ids.ts";
import { versionOf } from "../ids.ts";
import type { Cohort } from "../effect.ts";
import type { SlotState } from "../snapshot.ts";
import type { ReplaceStep } from "../step.ts";
import { phasesText, readyOf } from "./slot-readiness.ts";
import { POLL_MS, overdue, reason, releaseOf, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

export const lookAtReplace = (step: ReplaceStep, context: StepContext): StepResult => {
  const { run, snapshot, now } = context;
  if (snapshot.target.kind === "unseen") {
    const reasons = [reason("target-unseen", `cannot see the target: ${snapshot.target.why}`)];
    if (overdue(context, step.withinMs)) return { kind: "fail", reasons };
    return { kind: "wait", until: later(now, POLL_MS * 4), reasons };
  }
  const slot = slotOf(run, "candidate");
  const state = snapshot.target.value.slots[slot];
  const others = state.instances.filter((i) => i.release !== step.release).length;
  const ready = readyOf(state, step.release);
  const carry = `${ready} of ${step.instances} carry ${versionOf(step.release)}`;
  const text = `${carry} (${phasesText(state, step.release, run)})`;
  const numbers = { ready, wanted: step.instances, others };
  const arrived = snapshot.target.value.generation >= run.ordered.target;
  const whole = others === 0 && wantedOf(state, step.release) === step.instances;
  if (arrived && whole && ready >= step.instances) {
    return { kind: "done", reasons: [reason("replaced", text, numbers)] };
  }
  if (overdue(context, step.withinMs)) {
    const late = `not replaced within ${step.withinMs / 1000} s: ${text}`;
    return { kind: "fail", reasons: [reason("not-replaced-in-time", late, numbers)] };
  }
  const next = nextCounts(step, state);
  const reasons = [reason("replacing", text, numbers)];
  const until = later(now, POLL_MS);
  if (arrived && sameAsOrdered(step, state, next)) return { kind: "wait", until, reasons };
  const cohorts: readonly Cohort[] = [
    ...otherReleases(step, state).map((id) => ({ ...releaseOf(run, id), instances: next.old })),
    { ...releaseOf(run, step.release), instances: next.fresh },
  ].filter((cohort) => cohort.instances > 0);
  return { kind: "wait", until, effects: [{ kind: "apply", spec: { slot, cohorts } }], reasons };
};

interface Counts {
  readonly fresh: number;
  readonly old: number;
}

/** How many of each may be ordered now. */
export const nextCounts = (
  step: Pick<ReplaceStep, "release" | "instances" | "maxSurge" | "maxUnavailable">,
  state: SlotState,
): Counts => {
  const oldWanted = state.wanted
    .filter((cohort) => cohort.release !== step.release)
    .reduce((sum, cohort) => sum + cohort.instances, 0);
  const oldHere = state.instances.filter((i) => i.release !== step.release);
  const readyOld = oldHere.filter((i) => i.phase === "ready").length;
  const fewest = step.instances - step.maxUnavailable;
  const needed = Math.max(0, fewest - readyOf(state, step.release));
  // Old ones that are not ready serve nobody: they are the first to be given up.
  const old = Math.min(oldWanted, readyOld, needed);
  const room = step.instances + step.maxSurge - Math.max(old, oldHere.length);
  const fresh = Math.max(
    Math.min(step.instances, wantedOf(state, step.release)),
    Math.min(step.instances, Math.max(0, room)),
  );
  return { fresh, old };
};

const wantedOf = (state: SlotState, release: ReplaceStep["release"]): number =>
  state.wanted.find((cohort) => cohort.release === release)?.instances ?? 0;

/** At most one: a slot never holds more than two releases. */
const otherReleases = (step: ReplaceStep, state: SlotState): readonly ReplaceStep["release"][] =>
  state.wanted
    .map((c) => c.release)
    .filter((id) => id !== step.release)
    .slice(0, 1);

const sameAsOrdered = (step: ReplaceStep, state: SlotState, next: Counts): boolean => {
  const old = state.wanted
    .filter((cohort) => cohort.release !== step.release)
    .reduce((sum, cohort) => sum + cohort.instances, 0);
  return old === next.old && wantedOf(state, step.release) === next.fresh;
};
