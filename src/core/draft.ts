// A decision in the making: the run as it will be, with what shall be done and said. Each function
// returns a new draft; decide() turns the last one into the decision.

import type { Decision, RunEvent } from "./decision.ts";
import type { EffectBody } from "./effect.ts";
import { earliest, later } from "./ids.ts";
import type { Instant } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Reason } from "./reason.ts";
import type { Outcome, Progress, Run, RunState } from "./run.ts";
import type { Snapshot } from "./snapshot.ts";
import { IDLE_MS } from "./steps/step-result.ts";

export interface Draft {
  readonly run: Run;
  readonly lane: Decision["lane"];
  readonly snapshot: Snapshot;
  readonly now: Instant;
  readonly effects: readonly EffectBody[];
  readonly events: readonly RunEvent[];
  readonly reasons: readonly Reason[];
  readonly wakeAt: Instant;
}

/** States in which the run goes through steps. */
export type Moving = Extract<RunState, { kind: "forward" | "back" }>;

export const draftOf = (run: Run, snapshot: Snapshot, now: Instant): Draft => ({
  run,
  lane: pickLane(snapshot.lane),
  snapshot,
  now,
  effects: [],
  events: [],
  reasons: [],
  wakeAt: later(now, IDLE_MS),
});

const pickLane = (lane: Lane): Decision["lane"] => ({
  activeRun: lane.activeRun,
  stable: lane.stable,
  knownGood: lane.knownGood,
});

export const change = (draft: Draft, run: Partial<Run>): Draft => ({
  ...draft,
  run: { ...draft.run, ...run },
});

export const say = (draft: Draft, ...reasons: readonly Reason[]): Draft => ({
  ...draft,
  reasons: [...draft.reasons, ...reasons],
});

export const happen = (
  draft: Draft,
  type: string,
  reasons: readonly Reason[],
  step: string | null = null,
): Draft => ({ ...draft, events: [...draft.events, { type, step, reasons }] });

export const wake = (draft: Draft, at: Instant): Draft => ({
  ...draft,
  wakeAt: earliest(draft.wakeAt, at),
});

export const emit = (draft: Draft, ...effects: readonly EffectBody[]): Draft => ({
  ...draft,
  effects: [...draft.effects, ...effects],
});

/** Tells the outside, where the playbook names anybody to tell. */
export const notify = (
  draft: Draft,
  type: string,
  text: string,
  page = false,
  data: Readonly<Record<string, unknown>> = {},
): Draft => {
  const { plan } = draft.run;
  if (plan.notify.length === 0) return draft;
  return emit(draft, { kind: "notify", targets: plan.notify, event: { type, text, page, data } });
};

export const freshProgress = (step: number, since: Instant): Progress => ({
  step,
  since,
  attempts: 0,
  notBefore: null,
  failingSince: null,
  order: null,
  stalled: null,
});

/** The run is over: its lane is free for the next. */
export const end = (draft: Draft, outcome: Outcome): Draft => {
  const { now, run } = draft;
  const over = { kind: "ended", outcome, at: now } as const;
  const ended = change(draft, { state: over, hold: null, frozen: null });
  const freed: Draft = {
    ...ended,
    lane: {
      ...ended.lane,
      activeRun: ended.lane.activeRun === run.id ? null : ended.lane.activeRun,
    },
  };
  return happen(freed, "run.ended", [{ code: outcome, text: `ended as ${outcome}` }]);
};
