// Steps that look different on the way back, or in a rollback: shares that are passed over, bakes
// that only wait, and a verification that tells what it found and holds nobody up.

import { clockText } from "../clock-text.ts";
import { later } from "../ids.ts";
import { isOnTheWay } from "../return-shares.ts";
import type { Run } from "../run.ts";
import type { BakeStep, Step, VerifyStep } from "../step.ts";
import { lookAtVerify } from "./task.ts";
import { reason } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

/** It comes when the outcome is certain, and cannot change it. */
export const isVerifyBack = ({ state, plan }: Run, step: Step): step is VerifyStep =>
  step.kind === "verify" && (state.kind === "back" || plan.strategy === "rollback");

/** Nobody asked the router for it. */
export const isPassedOver = (run: Run, step: Step): boolean =>
  run.atOnce !== undefined && isOnTheWay(run, step);

/** Null: it is looked at as any other. */
export const lookAtWayBack = (step: Step, context: StepContext): StepResult | null => {
  const { run } = context;
  if (isPassedOver(run, step)) {
    const text = `passed over: ${run.atOnce ?? ""}`;
    return { kind: "done", reasons: [reason("passed-over", text)] };
  }
  if (isVerifyBack(run, step)) return lookAtVerifyBack(step, context);
  return step.kind === "bake" && isOnTheWay(run, step) ? lookAtBakeBack(step, context) : null;
};

/** Its triggers are heard before any step is looked at. */
const lookAtBakeBack = (step: BakeStep, { now, progress }: StepContext): StepResult => {
  const due = later(progress.since, step.forMs);
  if (now >= due) return { kind: "done", reasons: [reason("baked", "its time is over")] };
  const text = `waits at this share until ${clockText(due)}, and goes on at once if it gets worse`;
  return { kind: "wait", until: due, reasons: [reason("baking", text, { until: due })] };
};

const lookAtVerifyBack = (step: VerifyStep, context: StepContext): StepResult => {
  const { snapshot, progress } = context;
  const { waiting, lane } = snapshot;
  const rollback = waiting.find((one) => one.urgent && one.release !== lane.stable?.release);
  if (rollback !== undefined) {
    return unverified(step, `${rollback.release} takes over before it was asked`);
  }
  // Whoever waits gets the lane after one attempt, which is the one under way.
  const result =
    waiting.length === 0
      ? lookAtVerify(step, context)
      : lookAtVerify(
          { ...step, attempts: 1, initialWaitMs: 0 },
          { ...context, progress: { ...progress, notBefore: null } },
        );
  if (result.kind === "wait" || result.kind === "done") return result;
  return unverified(step, result.reasons[0]?.text ?? "it failed");
};

const unverified = (step: VerifyStep, why: string): StepResult => {
  const text = `the traffic is back, but ${step.id} did not pass: ${why}`;
  return { kind: "done", reasons: [reason("unverified", text)], calls: "rollback.unverified" };
};
