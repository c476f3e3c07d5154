// task and verify: work that happens once under a key. Its attempts are counted here; a lost
// outcome is run again only where the playbook calls it repeatable. On the way back a task takes
// back another, and first waits for its end.

import { later } from "../ids.ts";
import type { Instant } from "../ids.ts";
import type { EffectRecord, OnceEffect } from "../effect.ts";
import type { Fact } from "../fact.ts";
import type { Release } from "../plan.ts";
import type { Run } from "../run.ts";
import type { TaskStep, VerifyStep } from "../step.ts";
import { isUnderWay, tookPlace, undoneBy, undoneByRollback } from "../undo.ts";
import { IDLE_MS, reason, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

/** Between attempts of a failed task. */
const RETRY_MS = 2_000;
/** Added to a probe round's own timeouts before it counts as lost. */
const PROBE_SLACK_MS = 10_000;

export const lookAtTask = (step: TaskStep, context: StepContext): StepResult => {
  const role = undoneByRollback(context.run.plan, step) ? "stable" : "candidate";
  return (
    beforeUndo(step, context) ??
    lookAtWork({ ...step, retryMs: RETRY_MS, firstWaitMs: 0, role }, context)
  );
};

/**
 * What is under way when the run turns is let come to its end, since it cannot be called off; and
 * where it turns out to have failed, nothing is taken back. Null: now it can be, or it has begun.
 */
const beforeUndo = (step: TaskStep, context: StepContext): StepResult | null => {
  const { now, progress, snapshot } = context;
  const undone = undoneBy(step.id);
  if (undone === null || progress.attempts > 0) return null;
  if (isUnderWay(undone, snapshot.effects)) {
    const reasons = [reason("undo-waits", `${undone} is still under way, and has to end first`)];
    return { kind: "wait", until: later(now, IDLE_MS), reasons };
  }
  if (tookPlace(undone, snapshot)) return null;
  return { kind: "done", reasons: [reason("nothing-to-undo", `${undone} did not take place`)] };
};

export const lookAtVerify = (step: VerifyStep, context: StepContext): StepResult =>
  lookAtWork(
    {
      id: step.id,
      task: step.probe,
      deadlineMs: step.probe.timeoutMs * step.probe.paths.length + PROBE_SLACK_MS,
      repeatable: true,
      onUnknown: "back",
      attempts: step.attempts,
      retryMs: step.intervalMs,
      firstWaitMs: step.initialWaitMs,
      role: step.probe.role,
    },
    context,
  );

interface Work extends Pick<
  TaskStep,
  "id" | "task" | "deadlineMs" | "repeatable" | "onUnknown" | "attempts"
> {
  readonly retryMs: number;
  readonly firstWaitMs: number;
  readonly role: "stable" | "candidate";
}

const lookAtWork = (work: Work, context: StepContext): StepResult => {
  const { now, progress, snapshot } = context;
  const answer = answered(work.id, progress.since, snapshot.facts);
  if (answer?.verdict === "done") {
    return {
      kind: "done",
      reasons: [reason("answered", `${answer.by} says it is done: ${answer.text}`)],
    };
  }
  if (answer?.verdict === "failed") {
    return {
      kind: "fail",
      reasons: [reason("answered", `${answer.by} says it failed: ${answer.text}`)],
    };
  }
  const begin = progress.notBefore ?? later(progress.since, work.firstWaitMs);
  const record = recordOf(work.id, progress.attempts, snapshot.effects);
  if (record === undefined) {
    if (now < begin) {
      return {
        kind: "wait",
        until: begin,
        reasons: [reason("not-yet", "waits before the attempt")],
      };
    }
    return startAttempt(work, context);
  }
  if (record.outcome === null) {
    const text = `${attemptText(work, progress.attempts)} is ${record.state}`;
    return { kind: "wait", until: later(now, IDLE_MS), reasons: [reason("task-under-way", text)] };
  }
  return judgeAttempt(work, record, context);
};

const startAttempt = (work: Work, context: StepContext): StepResult => {
  const { run, now, progress } = context;
  const attempt = progress.attempts + 1;
  const slot = slotOf(run, work.role);
  const effect: OnceEffect = {
    kind: "task",
    step: work.id,
    attempt,
    task: work.task,
    slot,
    release: filesOf(run, work),
    deadlineMs: work.deadlineMs,
    repeatable: work.repeatable,
  };
  return {
    kind: "wait",
    until: later(now, IDLE_MS),
    effects: [effect],
    progress: { attempts: attempt, notBefore: null },
    reasons: [reason("task-begun", attemptText(work, attempt))],
  };
};

/** Whose files it runs in. A rollback takes back with those of the release it leaves, since an
 * older one knows nothing of what came after it. */
const filesOf = ({ plan }: Run, { role }: Work): Release =>
  role === "stable" && plan.strategy === "rollback" && plan.from !== null
    ? plan.from
    : plan.release;

const attemptText = ({ attempts }: Work, attempt: number): string =>
  attempt <= attempts ? `attempt ${attempt} of ${attempts}` : `attempt ${attempt}`;

const judgeAttempt = (work: Work, record: EffectRecord, context: StepContext): StepResult => {
  const { now, progress } = context;
  const { outcome } = record;
  if (outcome === null) throw new Error("an attempt without outcome cannot be judged");
  if (outcome.kind === "applied") {
    return { kind: "done", reasons: [reason("task-done", outcome.detail ?? "it succeeded")] };
  }
  // A time that is set is somebody's word: what was in its way has been mended.
  if (outcome.kind === "stalled" && progress.notBefore === null) {
    return { kind: "stall", until: later(now, IDLE_MS), reasons: [reason("stalled", outcome.why)] };
  }
  const lost = outcome.kind === "unknown" && !work.repeatable;
  if (lost && work.onUnknown === "hold") {
    const text = `nobody knows whether ${work.id} ran, and it must not run twice: ${outcome.why}`;
    return {
      kind: "stall",
      until: later(now, IDLE_MS),
      reasons: [reason("outcome-unknown", text)],
    };
  }
  if (lost || isUsedUp(work, context)) {
    const tries = progress.attempts > work.attempts ? "" : ` of ${work.attempts}`;
    const text = `${work.id} failed after ${progress.attempts}${tries} attempts: ${outcome.why}`;
    return { kind: "fail", reasons: [reason("task-failed", text)] };
  }
  const waitMs = outcome.kind === "retry" ? outcome.afterMs : work.retryMs;
  if (progress.notBefore === null) {
    const notBefore = later(now, waitMs);
    return {
      kind: "wait",
      until: notBefore,
      progress: { notBefore },
      reasons: [
        reason("task-again", `${attemptText(work, progress.attempts)} failed: ${outcome.why}`),
      ],
    };
  }
  if (now < progress.notBefore) {
    return {
      kind: "wait",
      until: progress.notBefore,
      reasons: [reason("task-again", outcome.why)],
    };
  }
  return startAttempt(work, context);
};

/** Where a time for one more is set already, somebody decided to go on: see tryAgain in travel. */
const isUsedUp = (work: Work, { progress }: StepContext): boolean =>
  progress.attempts >= work.attempts && progress.notBefore === null;

const recordOf = (
  step: string,
  attempt: number,
  effects: readonly EffectRecord[],
): EffectRecord | undefined =>
  effects.find(
    ({ effect: { body } }) =>
      body.kind === "task" && body.step === step && body.attempt === attempt,
  );

/** A person's word about a step outweighs what the machine knows of it; nobody can give it before
 * the step has begun. */
export const answered = (
  step: string,
  since: Instant,
  facts: readonly Fact[],
): Extract<Fact, { kind: "answer" }> | undefined =>
  facts.findLast((fact) => fact.kind === "answer" && fact.step === step && fact.at >= since) as
    Extract<Fact, { kind: "answer" }> | undefined;
