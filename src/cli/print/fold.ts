// Makes a run's steps fit a terminal that is too low for all of them: what is long done and what is
// far ahead become a line each, so that the present step and the traffic stay in sight.

import type { RunView, StepView } from "../../api/contract/runs.ts";
import { counted } from "./amounts.ts";

/** The same run with at least `excess` lines fewer, as far as its steps allow. */
export const folded = (view: RunView, excess: number): RunView => {
  if (excess <= 0) return view;
  const { steps } = view;
  const begins = steps.findIndex((step) => step.state !== "done");
  const done = begins < 0 ? Math.max(0, steps.length - 1) : begins;
  const ends = steps.findLastIndex((step) => step.state !== "waiting") + 1;
  // Folding n steps into one line saves n - 1.
  const foldDone = Math.min(done, excess + 1);
  const left = excess - Math.max(0, foldDone - 1);
  const foldWaiting = left <= 0 ? 0 : Math.min(steps.length - ends, left + 1);
  return {
    ...view,
    steps: [
      ...foldedInto(steps.slice(0, foldDone), "done"),
      ...steps.slice(foldDone, steps.length - foldWaiting),
      ...foldedInto(steps.slice(steps.length - foldWaiting), "to come"),
    ],
  };
};

const foldedInto = (steps: readonly StepView[], word: string): readonly StepView[] => {
  const [first] = steps;
  if (first === undefined || steps.length === 1) return steps;
  const times = steps.map((step) => step.tookMs);
  const tookMs = times.every((ms) => ms !== null) ? times.reduce((sum, ms) => sum + ms, 0) : null;
  return [
    { ...first, id: "", title: `${counted(steps.length, "step")} ${word}`, note: null, tookMs },
  ];
};
