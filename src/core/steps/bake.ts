// bake: watch for a while, then judge the gates over that time. No timer ever passes it: what fails
// or cannot be measured holds, and after its patience does what the playbook says.

import { openAlerts } from "../alerts.ts";
import { judgeGate, judgeTrigger } from "../analysis.ts";
import { clockText } from "../clock-text.ts";
import { earliest, later } from "../ids.ts";
import type { Instant } from "../ids.ts";
import type { Reason } from "../reason.ts";
import { alignUp } from "../sampling.ts";
import type { BakeStep } from "../step.ts";
import { bakeSince, nextSample, sightOf } from "../watch.ts";
import { answered } from "./task.ts";
import { reason } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

type Judgement = "pass" | "fail" | "inconclusive";

export const lookAtBake = (step: BakeStep, context: StepContext): StepResult => {
  const { run, now } = context;
  const due = dueAt(step, context);
  const { judgement, reasons } = judge(step, context);
  if (now < due) {
    const text = `watches until its time is over, at ${clockText(due)}`;
    const left = reason("baking", text, { until: due });
    return {
      kind: "wait",
      until: earliest(due, nextSample(run, now)),
      reasons: [left, ...reasons],
    };
  }
  switch (judgement) {
    case "pass":
      return { kind: "done", reasons };
    case "fail":
      return holdBetween(step, context, reasons);
    case "inconclusive":
      return vouchedFor(step, context) ?? waitForData(step, context, due, reasons);
  }
};

/** Where nothing can be measured (a first release without traffic, say), a person who looked may
 * put their word in its place. No word outweighs a gate that was measured and failed. */
const vouchedFor = (step: BakeStep, { snapshot, progress }: StepContext): StepResult | null => {
  const answer = answered(step.id, progress.since, snapshot.facts);
  if (answer === undefined) return null;
  const text = `${answer.by} vouches for it: ${answer.text}`;
  return answer.verdict === "done"
    ? { kind: "done", reasons: [reason("vouched-for", text)] }
    : { kind: "fail", reasons: [reason("vouched-against", text)] };
};

/** When it can be judged over its whole length: at a sample time, where anything is sampled. */
const dueAt = (step: BakeStep, { run, progress }: StepContext): Instant => {
  const end = later(progress.since, step.forMs);
  const sampled = step.gates.length > 0 || run.plan.triggers.length > 0;
  return sampled ? alignUp(end, run.plan.analysis.intervalMs) : end;
};

/** Worse than advance, better than rollback: hold, and in the end do what is written. */
const holdBetween = (
  step: BakeStep,
  { run, now, progress }: StepContext,
  reasons: readonly Reason[],
): StepResult => {
  const since = progress.failingSince ?? now;
  const end = later(since, step.holdForMs);
  if (now >= end) {
    const text = "its gates still fail at the end of the hold";
    const all = [reason("hold-ended", text), ...reasons];
    return step.onHoldEnd === "back"
      ? { kind: "fail", reasons: all }
      : { kind: "stall", reasons: all, until: nextSample(run, now) };
  }
  const then = step.onHoldEnd === "back" ? "goes back" : "calls somebody";
  const text =
    "a gate fails but no trigger holds: neither on nor back until it changes; " +
    `at ${clockText(end)} it ${then}`;
  return {
    kind: "wait",
    until: earliest(end, nextSample(run, now)),
    progress: { failingSince: since },
    reasons: [reason("between-gate-and-trigger", text, { until: end }), ...reasons],
  };
};

const waitForData = (
  step: BakeStep,
  { run, now, progress }: StepContext,
  due: Instant,
  reasons: readonly Reason[],
): StepResult => {
  const end = later(due, step.patienceMs);
  if (now >= end) {
    const text = "still nothing to judge by at the end of its patience";
    const all = [reason("patience-ended", text), ...reasons];
    return step.onPatienceEnd === "back"
      ? { kind: "fail", reasons: all }
      : { kind: "stall", reasons: all, until: nextSample(run, now) };
  }
  const then = step.onPatienceEnd === "back" ? "goes back" : "calls somebody";
  const text =
    "no verdict yet: too little or nothing was measured, so it waits; " +
    `at ${clockText(end)} it ${then}`;
  return {
    kind: "wait",
    until: earliest(end, nextSample(run, now)),
    progress: { failingSince: progress.failingSince },
    reasons: [reason("inconclusive", text, { until: end }), ...reasons],
  };
};

/** All gates pass and no trigger is in doubt; a failing gate outweighs an unmeasured one. */
const judge = (
  step: BakeStep,
  { run, snapshot, now, progress }: StepContext,
): { readonly judgement: Judgement; readonly reasons: readonly Reason[] } => {
  const sight = { ...sightOf(run, snapshot), now, alerts: openAlerts(snapshot.facts) };
  const since = bakeSince(step, progress.since, now, run);
  const gates = step.gates.map((gate) => judgeGate(gate, { ...sight, since }));
  const doubtful = run.plan.triggers
    .map((trigger) => judgeTrigger(trigger, sight))
    .filter((verdict) => verdict.kind !== "clear");
  const reasons = [
    ...gates.flatMap((verdict) => verdict.reasons.slice(0, 2)),
    // The first of a trigger's says what was missing as well.
    ...doubtful.flatMap((verdict) => verdict.reasons.slice(0, 1)),
  ];
  if (gates.some((verdict) => verdict.kind === "fail")) return { judgement: "fail", reasons };
  const unsure = doubtful.length > 0 || gates.some((verdict) => verdict.kind === "inconclusive");
  return { judgement: unsure ? "inconclusive" : "pass", reasons };
};
