// manual: a person does it and says so.

import { later } from "../ids.ts";
import type { ManualStep } from "../step.ts";
import { answered } from "./task.ts";
import { IDLE_MS, reason } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

export const lookAtManual = (step: ManualStep, context: StepContext): StepResult => {
  const { now, snapshot, progress } = context;
  const heard = snapshot.facts.filter(
    (fact) => fact.kind !== "answer" || step.from.length === 0 || step.from.includes(fact.by),
  );
  const answer = answered(step.id, progress.since, heard);
  if (answer === undefined) {
    const who = step.from.length === 0 ? "somebody" : step.from.join(", ");
    const text = `waits for ${who}: ${step.instructions}`;
    return { kind: "wait", until: later(now, IDLE_MS), reasons: [reason("manual", text)] };
  }
  const text = `${answer.by}: ${answer.text}`;
  return answer.verdict === "done"
    ? { kind: "done", reasons: [reason("answered", text)] }
    : { kind: "fail", reasons: [reason("answered-failed", text)] };
};
