// What must have happened before a run may leave a step behind it.

import type { Check, DecisionView } from "./check.ts";
import { frozen, unadmitted } from "./gate-checks.ts";
import type { Progress, Run } from "../run.ts";
import type { BakeStep, Step } from "../step.ts";

/** A rollback whose release is stable already ends in the queue: another brought it, and took back
 * what was to be taken back. */
const hadNothingToDo = ({ run, snapshot, decision }: DecisionView): boolean =>
  run.origin.kind === "rollback" &&
  run.state.kind === "queued" &&
  decision.run.state.kind === "ended" &&
  snapshot.lane.stable?.release === run.plan.release.id;

const NONE: readonly never[] = [];

/** A rollback in a hurry passes over its shares, and its verification tells and holds up nobody. */
const mustBeDone = ({ atOnce }: Run, step: Step): boolean => {
  if (step.kind === "verify") return false;
  const partly = step.kind === "bake" || (step.kind === "shift" && step.candidate < 1000);
  return !partly || atOnce === undefined;
};

/** The steps that this decision leaves behind, each done. Going back leaves none. */
const passedSteps = (view: DecisionView): readonly Step[] => {
  const { run } = view.decision;
  const steps = behind(view);
  return run.plan.strategy === "rollback" ? steps.filter((step) => mustBeDone(run, step)) : steps;
};

const behind = (view: DecisionView): readonly Step[] => {
  const { run, decision } = view;
  if (hadNothingToDo(view)) return [];
  const was =
    run.state.kind === "queued" ? 0 : run.state.kind === "forward" ? run.state.step : null;
  const is = decision.run.state;
  if (was === null || (is.kind === "forward" && is.step <= was)) return NONE;
  if (is.kind === "forward") return decision.run.plan.steps.slice(was, is.step);
  const success = is.kind === "ended" && is.outcome === "succeeded";
  return success ? decision.run.plan.steps.slice(was) : [];
};

const passed = <K extends Step["kind"]>(
  view: DecisionView,
  kind: K,
): readonly Extract<Step, { kind: K }>[] => {
  const steps = passedSteps(view);
  if (steps.length === 0) return NONE;
  return steps.filter((step): step is Extract<Step, { kind: K }> => step.kind === kind);
};

const progressOf = ({ run }: DecisionView): Progress | null =>
  run.state.kind === "forward" ? run.state : null;

const bakeUnjudged = (view: DecisionView, bake: BakeStep): string | null => {
  const { run, snapshot } = view;
  const progress = progressOf(view);
  const reached = progress !== null && run.plan.steps[progress.step]?.id === bake.id;
  const lasted = reached ? snapshot.takenAt - progress.since : 0;
  if (lasted < bake.forMs) return `${bake.id} was passed after ${lasted} of ${bake.forMs} ms`;
  if (saidDone(view, bake.id)) return null;
  for (const gate of bake.gates) {
    if (gate.kind !== "metric") continue;
    const measured = snapshot.metrics.some(
      (series) =>
        series.kind === "samples" &&
        series.query.metric === gate.metric &&
        series.query.slot === run.slots?.candidate &&
        series.samples.some((sample) => sample.value !== null && sample.count > 0),
    );
    if (!measured) return `${bake.id} was passed without any value of ${gate.metric}`;
  }
  return null;
};

/** A person's word stands where nothing was measured, and for work whose outcome is unknown. */
const saidDone = ({ snapshot }: DecisionView, stepId: string): boolean =>
  snapshot.facts.some(
    (fact) => fact.kind === "answer" && fact.step === stepId && fact.verdict === "done",
  );

const workDone = (view: DecisionView, stepId: string): boolean =>
  saidDone(view, stepId) ||
  view.snapshot.effects.some(
    ({ effect: { body }, outcome }) =>
      body.kind === "task" && body.step === stepId && outcome?.kind === "applied",
  );

const first = (sentences: readonly (string | null)[]): string | null =>
  sentences.find((sentence) => sentence !== null) ?? null;

export const FORWARD_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "steps-in-order",
    check: ({ run, decision }) => {
      const [was, is] = [run.state, decision.run.state];
      if (was.kind === "forward" && is.kind === "forward" && is.step < was.step) {
        return `it went from step ${was.step} to ${is.step}`;
      }
      return was.kind === "back" && is.kind === "forward"
        ? "it went forward after going back"
        : null;
    },
  },
  {
    name: "gate-admitted",
    check: (view) => first(passed(view, "gate").map((gate) => unadmitted(view, gate))),
  },
  {
    name: "frozen-stays",
    check: (view) => {
      const [was, is] = [view.run.state, view.decision.run.state];
      if (was.kind !== "forward" || is.kind !== "forward" || view.run.settled !== null) return null;
      const why = was.step === is.step ? null : frozen(view);
      return why === null ? null : `it went from step ${was.step} to ${is.step}: ${why}`;
    },
  },
  {
    name: "manual-answered",
    check: (view) =>
      first(
        passed(view, "manual").map((manual) => {
          const answered = view.snapshot.facts.some(
            (fact) =>
              fact.kind === "answer" &&
              fact.step === manual.id &&
              fact.verdict === "done" &&
              (manual.from.length === 0 || manual.from.includes(fact.by)),
          );
          return answered ? null : `${manual.id} was passed though nobody said that it is done`;
        }),
      ),
  },
  {
    name: "work-applied",
    check: (view) =>
      first(
        [...passed(view, "task"), ...passed(view, "verify")].map(({ id }) =>
          workDone(view, id) ? null : `${id} was passed though nothing says that it succeeded`,
        ),
      ),
  },
  {
    name: "bake-judged",
    check: (view) => first(passed(view, "bake").map((bake) => bakeUnjudged(view, bake))),
  },
  {
    name: "shift-read-back",
    check: (view) => {
      const { run, snapshot } = view;
      const step = passed(view, "shift").at(-1);
      if (step === undefined || run.slots === null) return null;
      if (snapshot.router.kind === "unseen") return `${step.id} was passed with the router unseen`;
      const has = snapshot.router.value.weights[run.slots.candidate];
      return has === step.candidate ? null : `${step.id} was passed while the router has ${has} ‰`;
    },
  },
];
