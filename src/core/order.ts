// Ordering at target and router. What was ordered and is not seen is ordered again, ever more
// slowly: it may have been lost, or be refused every time until somebody mends the cause.

import { canonicalJson } from "./canonical-json.ts";
import { change, emit, happen, wake } from "./draft.ts";
import type { Draft } from "./draft.ts";
import type { EffectBody } from "./effect.ts";
import { isOnce } from "./effect.ts";
import { later } from "./ids.ts";
import type { DurationMs } from "./ids.ts";
import { moving } from "./moving.ts";
import type { Reason } from "./reason.ts";
import type { Progress } from "./run.ts";
import { sha256Hex } from "./sha256.ts";
import { POLL_MS } from "./steps/step-result.ts";

/** The same order is not repeated more often than this in the end. */
const SLOWEST_MS = 15_000;

export interface Order {
  readonly effects: readonly EffectBody[];
  readonly reasons: readonly Reason[];
  /** What its first time is called; repetitions are only watched, not audited. */
  readonly event: "step.acted" | "weights.restored";
  readonly step: string | null;
}

/** Emits the effects, or waits until it is time to say the same again. */
export const order = (draft: Draft, { effects, reasons, event, step }: Order): Draft => {
  if (effects.every(isOnce)) {
    return effects.length === 0 ? draft : happen(emit(draft, ...effects), event, reasons, step);
  }
  const { now } = draft;
  const state = moving(draft);
  const digest = sha256Hex(canonicalJson(effects));
  const before = state.order?.digest === digest ? state.order : null;
  // An order from the future is one from before the clock was put back: no pause is that long.
  const paused = before !== null && before.at <= now;
  const due = paused ? later(before.at, pauseMs(before.times)) : now;
  if (now < due) return wake(draft, due);
  const times = (before?.times ?? 0) + 1;
  const ordered = change(draft, {
    state: { ...state, order: { ...before, digest, times, at: now } },
    touchedAt: draft.run.touchedAt ?? now,
  });
  const told = happen(ordered, before === null ? event : "watch.ordered-again", reasons, step);
  return wake(emit(told, ...effects), later(now, POLL_MS));
};

const pauseMs = (times: NonNullable<Progress["order"]>["times"]): DurationMs =>
  Math.min(SLOWEST_MS, POLL_MS * 2 ** (times - 1));
