// A run in one line: what lists and the lane table need of it.

import type { Run } from "../core/run.ts";
import type { Step } from "../core/step.ts";
import type { RunBrief } from "./contract/runs.ts";

export const runBrief = (run: Run): RunBrief => {
  const { state } = run;
  const moving = state.kind === "forward" || state.kind === "back" ? state : null;
  const step = currentStep(run);
  return {
    id: run.id,
    service: run.service,
    environment: run.environment,
    release: run.plan.release.id,
    from: run.plan.from?.id ?? null,
    origin: run.origin,
    createdAt: run.createdAt,
    phase: state.kind,
    outcome: run.settled?.outcome ?? (state.kind === "ended" ? state.outcome : null),
    settledAt: run.settled?.at ?? null,
    weight: run.weight,
    step:
      step === null || moving === null
        ? null
        : { id: step.id, title: step.title, since: moving.since },
    hold: run.hold,
    frozen: run.frozen,
    stalled: moving?.stalled ?? null,
  };
};

/** The step a run is in, there or back; null while queued, after the last and at the end. */
export const currentStep = (run: Run): Step | null => {
  const { state } = run;
  if (state.kind === "forward") return run.plan.steps[state.step] ?? null;
  if (state.kind === "back") return state.steps[state.step] ?? null;
  return null;
};
