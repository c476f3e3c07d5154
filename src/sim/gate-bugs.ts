// Planted bugs of gates, freezes and ways back: what a store, a cache or a port could do to make
// the engine believe what is not so.

import type { ApprovalRule } from "../core/admission/rule.ts";
import { askCalendar } from "../core/calendar/ask-calendar.ts";
import type { Calendar } from "../core/calendar/calendar.ts";
import type { RunId } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { Step } from "../core/step.ts";
import type { StoredPass } from "../ports/store.ts";
import type { ShellParts } from "../shell/parts.ts";
import { misread, type Change } from "./misread.ts";
import { AUTHOR, CAREFUL } from "./roster.ts";

/** Runs are read with another plan, and written back with their own. */
export const otherPlan = (change: (stored: StoredPass, parts: ShellParts) => Plan): Change => {
  const plans = new Map<RunId, Plan>();
  const read = misread((stored, parts) => {
    plans.set(stored.run.id, stored.run.plan);
    return { ...stored, run: { ...stored.run, plan: change(stored, parts) } };
  });
  return (parts) => {
    const changed = read(parts);
    return {
      ...changed,
      runs: {
        ...changed.runs,
        commit: (commit) => {
          const { run } = commit.decision;
          const own = plans.get(run.id);
          const plan = own === undefined || own.hash !== run.plan.hash ? run.plan : own;
          return parts.runs.commit({
            ...commit,
            decision: { ...commit.decision, run: { ...run, plan } },
          });
        },
      },
    };
  };
};

export const freezeIgnored: Change = misread((stored) => ({
  ...stored,
  standing: stored.standing.filter(({ body }) => body.kind !== "freeze"),
}));

/** The author's word is taken for somebody else's. */
export const authorCounts: Change = misread((stored) => ({
  ...stored,
  facts: stored.facts.map((fact) =>
    fact.kind === "approval" && fact.by === AUTHOR ? { ...fact, by: CAREFUL[0] ?? fact.by } : fact,
  ),
}));

const withCalendars = (plan: Plan, change: (calendar: Calendar) => Calendar): Plan => ({
  ...plan,
  steps: plan.steps.map((step): Step =>
    step.kind === "gate"
      ? {
          ...step,
          rules: step.rules.map((rule) =>
            rule.kind === "window" ? { ...rule, calendar: change(rule.calendar) } : rule,
          ),
        }
      : step,
  ),
});

/** Once a window was seen open, its answer is remembered. */
export const windowAskedOnce = (): Change => {
  const seen = new Set<RunId>();
  return otherPlan(({ run }, { world }) => {
    const always = (calendar: Calendar): Calendar => {
      if (askCalendar(calendar, world.now()).open) seen.add(run.id);
      return seen.has(run.id) ? { ...calendar, allow: [], deny: [] } : calendar;
    };
    return run.state.kind === "forward" ? withCalendars(run.plan, always) : run.plan;
  });
};

/** Every day is taken for the phase's own. */
export const anyDayIsTheDay = (): Change =>
  otherPlan(({ run: { plan } }) => ({
    ...plan,
    steps: plan.steps.map((step) =>
      step.kind === "gate"
        ? {
            ...step,
            rules: step.rules.map((rule) =>
              rule.kind === "phase" ? { ...rule, phase: { ...rule.phase, after: null } } : rule,
            ),
          }
        : step,
    ),
  }));

/** Every finding is taken for one that was never seen before. */
export const findingsStayYoung: Change = misread((stored, { world }) => ({
  ...stored,
  ...(stored.firstSeen === undefined
    ? {}
    : {
        firstSeen: stored.firstSeen.map((one) => ({ ...one, at: world.now(), carried: false })),
      }),
}));

/** Nobody remembers that a contract migration was begun. */
export const noReturnCrossed: Change = misread((stored) => ({
  ...stored,
  run: { ...stored.run, noReturn: null },
}));

/** One approval is enough. */
export const oneIsEnough = (): Change =>
  otherPlan(({ run: { plan } }) => ({
    ...plan,
    steps: plan.steps.map((step) =>
      step.kind === "gate"
        ? {
            ...step,
            rules: step.rules.map((rule) =>
              rule.kind === "approval" ? { ...rule, approval: lax(rule.approval) } : rule,
            ),
          }
        : step,
    ),
  }));

const lax = (approval: ApprovalRule): ApprovalRule => ({ ...approval, count: 1 });

/** A way back takes back first what was done first. */
export const undoneInOrderOfDoing: Change = (parts) => ({
  ...parts,
  runs: {
    ...parts.runs,
    commit: (commit) => {
      const { run } = commit.decision;
      if (run.state.kind !== "back" || commit.before.run.state.kind === "back") {
        return parts.runs.commit(commit);
      }
      const undos = run.state.steps.filter(isUndo);
      const steps = run.state.steps.map((step) => (isUndo(step) ? (undos.pop() ?? step) : step));
      const turned = { ...run, state: { ...run.state, steps } };
      return parts.runs.commit({ ...commit, decision: { ...commit.decision, run: turned } });
    },
  },
});

const isUndo = ({ id }: Step): boolean => id.startsWith("back-undo-");
