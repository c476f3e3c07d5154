// The time that a playbook promises for a way back, by its tier, and what happens the moment it is
// over: somebody is called, once. Nothing else changes for it.

import { change, happen, notify, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import { later } from "./ids.ts";
import type { DurationMs, Instant } from "./ids.ts";
import type { PlanBody } from "./plan.ts";
import type { Reason } from "./reason.ts";
import type { Breach, Run } from "./run.ts";
import type { RollbackTier } from "./step.ts";
import { reason } from "./steps/step-result.ts";
import { formatDuration } from "./units.ts";

export const promisedMs = (
  { withinMs, tierWithinMs }: Pick<PlanBody["rollback"], "withinMs" | "tierWithinMs">,
  tier: RollbackTier,
): DurationMs => tierWithinMs?.[tier] ?? withinMs;

/** Of the way back that it is on, or would be on by itself. */
export const promiseOf = ({ plan, state }: Pick<Run, "plan" | "state">): DurationMs =>
  promisedMs(plan.rollback, tierOf({ plan, state }));

const tierOf = ({ plan, state }: Pick<Run, "plan" | "state">): RollbackTier =>
  (state.kind === "back" ? state.tier : undefined) ?? plan.rollback.tier;

/** `within its 30m for the tier gradual`. */
const promiseText = (run: Run): string => {
  const each = run.plan.rollback.tierWithinMs !== undefined;
  return `its ${formatDuration(promiseOf(run))}${each ? ` for the tier ${tierOf(run)}` : ""}`;
};

const LATE = "rollback-late";

/** Of a run that has turned back. That it was told is kept among the reasons of the breach. */
export const backInTime = (draft: Draft): Draft => {
  const { run, now } = draft;
  const { breach, state } = run;
  if (state.kind !== "back" || run.settled !== null || breach === null) return draft;
  if (toldLate(breach)) return draft;
  const due = dueAfter(run, breach.at);
  if (now < due) return wake(draft, due);
  const late = lateReason(run, state.target, state.steps[state.step]?.id ?? null);
  return call(
    change(draft, { breach: { ...breach, reasons: [...breach.reasons, late] } }),
    late,
    state.steps[state.step]?.id ?? null,
  );
};

/** Of a rollback that is a run of its own: from when it was asked for, waiting for its lane too. */
export const rollbackInTime = (draft: Draft): Draft => {
  const { run, now } = draft;
  const { state, plan } = run;
  if (run.origin.kind !== "rollback" || run.settled !== null || run.late === true) return draft;
  if (state.kind !== "queued" && state.kind !== "forward") return draft;
  const due = dueAfter(run, run.createdAt);
  if (now < due) return wake(draft, due);
  const step = state.kind === "queued" ? null : (plan.steps[state.step]?.id ?? null);
  const late = lateReason(run, plan.release.id, step ?? (state.kind === "queued" ? QUEUE : null));
  return call(change(draft, { late: true }), late, step);
};

const QUEUE = "the queue of its lane";

const dueAfter = (run: Run, began: Instant): Instant => later(began, promiseOf(run) + 1);

const lateReason = (run: Run, to: string | null, at: string | null): Reason => {
  const where = `${run.environment} is not back on ${to ?? "nothing"}`;
  const text = `${where} within ${promiseText(run)}, it is at ${at ?? "the end"}`;
  return reason(LATE, text, { promisedMs: promiseOf(run) });
};

const call = (draft: Draft, late: Reason, step: string | null): Draft =>
  notify(happen(draft, "rollback.late", [late], step), "rollback.late", late.text, true);

const toldLate = ({ reasons }: Breach): boolean => reasons.some(({ code }) => code === LATE);

/** Told when the outcome is certain. */
export const missReasons = (run: Run, tookMs: DurationMs): readonly Reason[] =>
  tookMs > promiseOf(run) ? [reason(LATE, `that is not within ${promiseText(run)}`)] : [];
