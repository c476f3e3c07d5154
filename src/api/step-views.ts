// The steps of a run as a person sees them: which are done, how long each took, where it turned
// back. States come from the run, times from its events.

import type { Instant } from "../core/ids.ts";
import { backSteps } from "../core/rollback-plan.ts";
import type { Lane } from "../core/lane.ts";
import { undoStepsBack, undoable } from "../core/undo.ts";
import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import type { Step } from "../core/step.ts";
import type { StepView } from "./contract/runs.ts";
import { measuredText } from "./gauges.ts";
import type { StoredEvent } from "../ports/catalog.ts";

export interface StepViews {
  readonly steps: readonly StepView[];
  readonly back: readonly StepView[];
}

export const stepViews = (run: Run, events: readonly StoredEvent[]): StepViews => {
  const seen = timesOf(run, events);
  const back = stepsBack(run).map((step, index) => backView(run, seen, step, index));
  // After the end, a way back is told only as far as it was gone.
  const gone = run.state.kind === "ended" ? back.filter(({ id }) => seen.doneAt.has(id)) : back;
  return {
    steps: run.plan.steps.map((step, index) => forwardView(run, seen, step, index)),
    back: gone,
  };
};

interface Times {
  readonly doneAt: ReadonlyMap<string, Instant>;
  readonly beganAt: ReadonlyMap<string, Instant>;
  readonly reasons: ReadonlyMap<string, readonly Reason[]>;
}

/** A step begins when the one before is done; the first, with the first thing that happened. */
const timesOf = (run: Run, events: readonly StoredEvent[]): Times => {
  const doneAt = new Map<string, Instant>();
  const beganAt = new Map<string, Instant>();
  const reasons = new Map<string, readonly Reason[]>();
  let since: Instant = events[0]?.at ?? run.createdAt;
  for (const event of events) {
    if (event.type === "run.began" || event.type === "rollback.began") since = event.at;
    if (event.step === null || event.type !== "step.done") continue;
    doneAt.set(event.step, event.at);
    beganAt.set(event.step, since);
    reasons.set(event.step, event.reasons);
    since = event.at;
  }
  return { doneAt, beganAt, reasons };
};

const forwardView = (run: Run, times: Times, step: Step, index: number): StepView => {
  const { state } = run;
  if (state.kind === "queued") return view(step, "waiting", times);
  if (state.kind === "forward") {
    if (index < state.step) return view(step, endOf(step, times), times);
    return index === state.step ? active(step, state.since, run) : view(step, "waiting", times);
  }
  if (times.doneAt.has(step.id) || run.settled?.outcome === "succeeded") {
    return view(step, endOf(step, times), times);
  }
  const first = run.plan.steps.findIndex((other) => !times.doneAt.has(other.id));
  if (index !== first || run.breach === null) return view(step, "skipped", times);
  const outcome =
    state.outcome === "rolledBack" || state.outcome === "failed" ? "failed" : "skipped";
  return { ...view(step, outcome, times), note: run.breach.trigger };
};

const backView = (run: Run, times: Times, step: Step, index: number): StepView => {
  const { state } = run;
  if (state.kind !== "back")
    return view(step, times.doneAt.has(step.id) ? endOf(step, times) : "skipped", times);
  if (index < state.step) return view(step, endOf(step, times), times);
  return index === state.step ? active(step, state.since, run) : view(step, "waiting", times);
};

/** What was left behind was done, but for shares that were passed over and a verification that did
 * not pass. */
const endOf = ({ id }: Step, { reasons }: Times): StepView["state"] => {
  const codes = reasons.get(id)?.map(({ code }) => code) ?? [];
  if (codes.includes("passed-over")) return "skipped";
  return codes.includes("unverified") ? "failed" : "done";
};

/** The way back of an ended run is not kept; it follows from the plan it came from. */
const stepsBack = (run: Run): readonly Step[] => {
  if (run.state.kind === "back") return run.state.steps;
  if (run.state.kind !== "ended" || run.state.outcome === "succeeded") return [];
  const { plan, slots } = run;
  const from = plan.from === null || slots?.stable == null ? null : plan.from;
  const lane: Pick<Lane, "stable"> = {
    stable:
      from === null || slots?.stable == null
        ? null
        : { slot: slots.stable, release: from.id, instances: plan.instances },
  };
  // Which of them were part of it is told by what was done.
  return backSteps(run, lane as Lane, undoStepsBack(undoable(plan.steps), []), {
    tier: plan.rollback.tier,
    anyway: false,
    shares: plan.rollback.traffic?.shares ?? [],
  });
};

const view = (step: Step, state: StepView["state"], times: Times): StepView => {
  const since = times.beganAt.get(step.id) ?? null;
  const doneAt = times.doneAt.get(step.id);
  return {
    id: step.id,
    title: step.title,
    kind: step.kind,
    state,
    since,
    tookMs: since === null || doneAt === undefined ? null : doneAt - since,
    plannedMs: plannedMs(step),
    note: noteOf(times.reasons.get(step.id) ?? []),
  };
};

const active = (step: Step, since: Instant, run: Run): StepView => ({
  id: step.id,
  title: step.title,
  kind: step.kind,
  state: "active",
  since,
  tookMs: null,
  plannedMs: plannedMs(step),
  note: run.because.find((reason) => reason.numbers?.["metric"] === undefined)?.text ?? null,
});

const plannedMs = (step: Step): number | null => {
  if (step.kind === "bake") return step.forMs;
  return step.kind === "retire" ? step.afterMs : null;
};

/** Measured numbers where there are any, else the first sentence. */
const noteOf = (reasons: readonly Reason[]): string | null =>
  measuredText(reasons) ?? reasons[0]?.text ?? null;
