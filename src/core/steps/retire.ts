// retire: the slot stays warm for its time, without traffic, then goes. A newer run ends that
// time, since there is no third slot for it and it is most often the mend that all wait for; only a
// rollback finds the slot as it is, warm, where it goes to what is in it.

import { earliest, later } from "../ids.ts";
import type { ReleaseId } from "../ids.ts";
import type { SlotName } from "../lane.ts";
import type { Snapshot } from "../snapshot.ts";
import type { RetireStep } from "../step.ts";
import { keepsForTrain } from "../train/kept.ts";
import { IDLE_MS, POLL_MS, reason, slotOf } from "./step-result.ts";
import type { StepContext, StepResult } from "./step-result.ts";

/** How soon to look again at a train; it says so itself when it has settled. */
const TRAIN_MS = 10_000;

export const lookAtRetire = (step: RetireStep, context: StepContext): StepResult => {
  const { run, snapshot, now, progress } = context;
  const kept = keepsForTrain(run, snapshot);
  const next = kept ? undefined : snapshot.waiting[0];
  const newer = snapshot.waiting.find((other) => other.urgent) ?? next;
  // A rollback to what is stable already ends as it begins, and would leave the slot to nobody.
  const slot = slotOf(run, step.role);
  if (newer?.urgent === true && newer.release !== snapshot.lane.stable?.release) {
    const emptied = isAsked(progress) ? null : emptyFor(newer.release, slot, snapshot);
    if (emptied !== null) return { kind: "wait", until: later(now, POLL_MS), ...emptied };
    return { kind: "done", reasons: [reason("slot-left", `${newer.release} takes the slot over`)] };
  }
  if (kept) {
    const text = `${slot} stays warm until its train has settled`;
    return { kind: "wait", until: later(now, TRAIN_MS), reasons: [reason("kept-warm", text)] };
  }
  const planned = later(progress.since, step.afterMs);
  const due = newer === undefined ? planned : now;
  if (now < due) {
    const text = `${slot} stays warm until its time is over`;
    const until = earliest(due, later(now, IDLE_MS));
    return { kind: "wait", until, reasons: [reason("kept-warm", text, { until: due })] };
  }
  if (snapshot.target.kind === "unseen" || snapshot.router.kind === "unseen") {
    const text = "cannot see target and router, so nothing is taken down";
    return { kind: "wait", until: later(now, POLL_MS * 4), reasons: [reason("unseen", text)] };
  }
  if (snapshot.router.value.weights[slot] > 0) {
    const text = `${slot} still has traffic, so it is not taken down`;
    return { kind: "wait", until: later(now, POLL_MS), reasons: [reason("slot-in-use", text)] };
  }
  const state = snapshot.target.value.slots[slot];
  if (state.wanted.length > 0 || snapshot.target.value.generation < run.ordered.target) {
    const early = newer !== undefined && now < planned;
    const why = early ? ` early: ${newer.release} waits for the slot` : "";
    return {
      kind: "wait",
      until: later(now, POLL_MS),
      effects: [{ kind: "apply", spec: { slot, cohorts: [] } }],
      reasons: [reason("retiring", `taking ${slot} down${why}`)],
    };
  }
  if (state.instances.length > 0) {
    const text = `${state.instances.length} instances of ${slot} are draining`;
    return { kind: "wait", until: later(now, POLL_MS), reasons: [reason("draining", text)] };
  }
  return { kind: "done", reasons: [reason("retired", `${slot} is gone`)] };
};

/** Twice is enough: a rollback does not wait for a target that takes no orders. */
const isAsked = ({ order }: StepContext["progress"]): boolean => (order?.times ?? 0) >= 2;

/** What is of no use to a rollback goes before it, without waiting for the last request: should it
 * not begin after all, nobody else would clear it up. Null: it is gone, of use, or cannot be seen,
 * and a rollback waits for none of these. */
const emptyFor = (
  release: ReleaseId,
  slot: SlotName,
  { target, router }: Snapshot,
): Pick<Extract<StepResult, { kind: "wait" }>, "effects" | "reasons"> | null => {
  if (target.kind === "unseen" || router.kind === "unseen") return null;
  const { wanted } = target.value.slots[slot];
  const isOfUse = wanted.length === 0 || wanted.some((cohort) => cohort.release === release);
  if (isOfUse || router.value.weights[slot] > 0) return null;
  return {
    effects: [{ kind: "apply", spec: { slot, cohorts: [] } }],
    reasons: [reason("retiring", `taking ${slot} down: ${release} waits for the slot`)],
  };
};
