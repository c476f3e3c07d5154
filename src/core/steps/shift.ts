// shift: a weight is set when the router, read back, has it. No slot gets weight that has nothing
// ready to take it.

import { later } from "../ids.ts";
import type { Permille } from "../ids.ts";
import type { Weights } from "../effect.ts";
import { SLOTS } from "../lane.ts";
import type { Run } from "../run.ts";
import type { Snapshot } from "../snapshot.ts";
import type { ShiftStep } from "../step.ts";
import { percentText } from "../strategies/strategy-steps.ts";
import { readyOf } from "./slot-readiness.ts";
import { POLL_MS, overdue, reason, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

/** The weights that give the candidate this share. Throws before the run has its lane. */
export const weightsFor = (run: Run, candidate: Permille): Weights => {
  if (run.slots === null) throw new Error(`run ${run.id} has no slots`);
  const weights = { blue: 0, green: 0 };
  if (run.slots.stable !== null) weights[run.slots.stable] += 1000 - candidate;
  weights[run.slots.candidate] += run.slots.stable === null && candidate > 0 ? 1000 : candidate;
  return weights;
};

export const sameWeights = (a: Weights, b: Weights): boolean =>
  a.blue === b.blue && a.green === b.green;

/** Why traffic may not be set like this now: a slot that has nothing ready, or that nobody sees. */
export const lacksCapacity = ({ target, router }: Snapshot, weights: Weights): string | null => {
  if (target.kind === "unseen") return `cannot see the target: ${target.why}`;
  if (router.kind === "unseen") return `cannot see the router: ${router.why}`;
  const empty = SLOTS.filter(
    (slot) =>
      weights[slot] > 0 &&
      (router.value.endpoints[slot] === 0 ||
        !target.value.slots[slot].instances.some((i) => i.phase === "ready")),
  );
  if (empty.length === 0) return null;
  const { trouble } = router.value;
  return trouble === undefined
    ? `${empty.join(" and ")} has no ready instance to take traffic`
    : `the router serves nothing: ${trouble}`;
};

/** Forward, what was prepared for this share must still be there: probes may have taken minutes.
 * Back, whatever is ready is better than what is left behind. */
const lostSincePrepared = ({ run, snapshot }: StepContext): string | null => {
  if (run.state.kind !== "forward" || snapshot.target.kind === "unseen") return null;
  const steps = run.plan.steps.slice(0, run.state.step);
  const prepared = steps.findLast((step) => step.kind === "prepare");
  if (prepared === undefined) return null;
  const slot = slotOf(run, prepared.role);
  const ready = readyOf(snapshot.target.value.slots[slot], prepared.release);
  if (ready >= prepared.instances) return null;
  return `${slot} has ${ready} of the ${prepared.instances} ready instances that the share needs`;
};

export const lookAtShift = (step: ShiftStep, context: StepContext): StepResult => {
  const { run, snapshot, now } = context;
  const share = percentText(step.candidate);
  const late = overdue(context, step.withinMs);
  if (snapshot.router.kind === "unseen") {
    const reasons = [reason("router-unseen", `cannot see the router: ${snapshot.router.why}`)];
    return late ? { kind: "fail", reasons } : { kind: "wait", until: later(now, POLL_MS), reasons };
  }
  const wanted = weightsFor(run, step.candidate);
  const router = snapshot.router.value;
  if (sameWeights(router.weights, wanted) && router.generation >= run.ordered.router) {
    return { kind: "done", reasons: [reason("shifted", `the router has ${share} %, read back`)] };
  }
  const lacking = lacksCapacity(snapshot, wanted) ?? lostSincePrepared(context);
  if (lacking !== null) {
    const reasons = [reason("no-capacity", lacking)];
    return late ? { kind: "fail", reasons } : { kind: "wait", until: later(now, POLL_MS), reasons };
  }
  const text = late
    ? `the router has not taken ${share} % in time${saidByRouter(context)}`
    : `asking the router for ${share} %`;
  const reasons = [reason(late ? "not-shifted-in-time" : "shifting", text)];
  if (late) return { kind: "fail", reasons };
  return {
    kind: "wait",
    until: later(now, POLL_MS),
    effects: [{ kind: "route", weights: wanted, route: run.plan.route }],
    reasons,
  };
};

/** What it answered to the last order, where that was not yes: it may be the cause. */
const saidByRouter = ({ progress }: StepContext): string =>
  progress.order?.said === undefined ? "" : `: ${progress.order.said.text}`;
