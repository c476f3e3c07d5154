// Two ways back. backSteps: from a run as it stands to the release that is stable. rollbackPlan: to
// any release that was good here once, as a run of its own. Both bring capacity before traffic.

import { seal } from "./compile.ts";
import type { PlanBody, Plan, Release } from "./plan.ts";
import { versionOf } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Run } from "./run.ts";
import type { Runtime } from "./runtime.ts";
import type { Step } from "./step.ts";

/** Immediate tier. Where nothing good is there to return to, only the candidate goes. */
export const backSteps = (run: Run, lane: Lane): readonly Step[] => {
  const { plan, slots } = run;
  if (slots === null) return [];
  const forensics: Step = {
    kind: "retire",
    id: "back-retire",
    title: `keep the failed slot of ${versionOf(plan.release.id)}, then take it down`,
    role: "candidate",
    afterMs: plan.rollback.keepFailedMs,
  };
  const shift: Step = {
    kind: "shift",
    id: "back-shift",
    title: "no traffic to the candidate",
    candidate: 0,
    withinMs: plan.shiftWithinMs,
  };
  if (lane.stable === null) return [shift, { ...forensics, afterMs: 0 }];
  const { release } = lane.stable;
  if (slots.stable === slots.candidate) return [replaceBack(run, lane)];
  return [
    {
      kind: "prepare",
      id: "back-prepare",
      title: `full capacity for ${versionOf(release)}`,
      role: "stable",
      release,
      instances: Math.max(lane.stable.instances, 1),
      withinMs: plan.readyWithinMs,
    },
    { ...shift, title: `all traffic back to ${versionOf(release)}` },
    forensics,
  ];
};

/** In place there is no other slot: the old release comes back the way the new one came. */
const replaceBack = (run: Run, lane: Lane): Step => {
  const forward = run.plan.steps.find((step) => step.kind === "replace");
  const release = lane.stable?.release ?? run.plan.release.id;
  const instances = lane.stable?.instances ?? run.plan.instances;
  return {
    kind: "replace",
    id: "back-replace",
    title: `replace all instances by ${versionOf(release)}`,
    release,
    instances,
    maxSurge: forward?.maxSurge ?? 1,
    maxUnavailable: Math.min(forward?.maxUnavailable ?? 0, instances),
    withinMs: run.plan.readyWithinMs,
  };
};

export interface RollbackPlanInput {
  /** The plan by which the present stable release came: its route, analysis and limits go on. */
  readonly current: PlanBody;
  readonly to: { readonly release: Release; readonly runtime: Runtime };
  readonly from: { readonly release: Release; readonly runtime: Runtime };
  readonly keepFailedMs: number;
}

/** No gates, no approvals, no triggers: rollback is always allowed, and what it goes to was good.
 * */
export const rollbackPlan = (input: RollbackPlanInput): Plan => {
  const { current, to, from } = input;
  const steps: readonly Step[] = [
    {
      kind: "prepare",
      id: "prepare",
      title: `full capacity for ${versionOf(to.release.id)}`,
      role: "candidate",
      release: to.release.id,
      instances: current.instances,
      withinMs: current.readyWithinMs,
    },
    {
      kind: "shift",
      id: "shift-100",
      title: `all traffic to ${versionOf(to.release.id)}`,
      candidate: 1000,
      withinMs: current.shiftWithinMs,
    },
    {
      kind: "retire",
      id: "retire",
      title: `keep the slot of ${versionOf(from.release.id)}, then take it down`,
      role: "stable",
      afterMs: input.keepFailedMs,
    },
  ];
  return seal({
    ...planBody(current),
    release: to.release,
    from: from.release,
    runtime: to.runtime,
    fromRuntime: from.runtime,
    strategy: "rollback",
    steps,
    triggers: [],
    onNewer: "queue",
    promotesTo: [],
  });
};

/** A plan without its hash: a body that is about to become another plan. */
const planBody = (plan: PlanBody & { readonly hash?: unknown }): PlanBody => {
  const { hash: _, ...body } = plan;
  return body;
};
