// gate: asks admission, and goes on when everything is allowed at the same moment. What is denied
// fails at once. What is not allowed in time fails where nothing was touched yet, and calls
// somebody where something was. The checks of its checklists begin here.

import { admit } from "../admission/admit.ts";
import { answerOf, reasonsOf } from "../admission/answer.ts";
import type { AdmissionRequest } from "../admission/request.ts";
import { checksToBegin } from "../admission/task-checks.ts";
import type { OnceEffect } from "../effect.ts";
import { earliest, later } from "../ids.ts";
import type { SlotName } from "../lane.ts";
import type { Run } from "../run.ts";
import type { TaskSpec } from "../task-spec.ts";
import type { GateStep } from "../step.ts";
import { IDLE_MS, overdue, reason, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

export const lookAtGate = (step: GateStep, context: StepContext): StepResult => {
  const { now, progress } = context;
  const request = askedBy(step, context);
  const admission = admit(request, now);
  switch (admission.kind) {
    case "allow":
      return { kind: "done", reasons: reasonsOf(admission, ["allow"]) };
    case "deny":
      return { kind: "fail", reasons: reasonsOf(admission, ["deny"]) };
    case "wait":
      break;
  }
  const missing = reasonsOf(admission, ["wait"]);
  if (overdue(context, step.withinMs)) {
    const what = missing[0]?.text ?? "not allowed";
    const text = `not allowed within ${step.withinMs / 1000} s: ${what}`;
    const reasons = [reason("not-allowed-in-time", text), ...missing];
    // Nobody has said no. What is live already is not taken away for that: somebody is called.
    return context.run.touchedAt === null || step.onLate === "back"
      ? { kind: "fail", reasons }
      : { kind: "stall", reasons, until: later(now, IDLE_MS) };
  }
  const latest = earliest(later(now, IDLE_MS), later(progress.since, step.withinMs + 1));
  const until = admission.until === null ? latest : earliest(latest, admission.until);
  return {
    kind: "wait",
    until,
    effects: checksToBegin(request).map((check) => effectOf(check, context.run)),
    reasons: [...missing, answerOf(step.id, admission)],
  };
};

/** What the gate asks admission at this look. */
export const askedBy = (
  step: GateStep,
  { run, snapshot, progress }: Pick<StepContext, "run" | "snapshot" | "progress">,
): AdmissionRequest => ({
  step: step.id,
  rules: step.rules,
  run,
  facts: snapshot.facts,
  standing: snapshot.standing,
  verifiedIn: snapshot.verifiedIn,
  firstSeen: snapshot.firstSeen,
  effects: snapshot.effects,
  since: progress.since,
});

/** A check only looks, so one whose end nobody heard of is simply made again. */
const effectOf = (check: ReturnType<typeof checksToBegin>[number], run: Run): OnceEffect => ({
  kind: "task",
  ...check,
  slot: slotFor(check.task, run),
  release: run.plan.release,
  repeatable: true,
});

/** Where nothing is stable yet, there is only the candidate's slot to look at. */
const slotFor = (task: TaskSpec, run: Run): SlotName => {
  const stable = task.kind === "probe" && task.role === "stable" && run.slots?.stable !== null;
  return slotOf(run, stable ? "stable" : "candidate");
};
