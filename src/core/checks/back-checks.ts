// What must hold of a decision's run, lane and wake-up, whichever way the run goes.

import type { Check, DecisionView } from "./check.ts";
import { canonicalJson } from "../canonical-json.ts";
import { isOnce } from "../effect.ts";

export const BACK_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "unfinished-wakes",
    check: ({ decision }) =>
      decision.run.state.kind !== "ended" && decision.wakeAt === null
        ? "an unfinished run has no next wake-up"
        : null,
  },
  {
    name: "terminal-stays",
    check: ({ run, decision }) =>
      run.state.kind === "ended" &&
      (canonicalJson(run.state) !== canonicalJson(decision.run.state) ||
        decision.effects.length > 0)
        ? `an ended run became ${decision.run.state.kind} with ${decision.effects.length} effects`
        : null,
  },
  {
    name: "plan-stays",
    check: ({ run, decision }) =>
      run.state.kind === "queued" || run.plan.hash === decision.run.plan.hash
        ? null
        : "a plan changed after its run began",
  },
  {
    name: "only-the-active-run-touches",
    check: ({ run, snapshot, decision }) => {
      const touches = decision.effects.some((effect) => !isOnce(effect));
      const holds = decision.lane.activeRun === run.id || snapshot.lane.activeRun === run.id;
      return touches && !holds
        ? `it touches the lane of ${decision.lane.activeRun ?? "nobody"}`
        : null;
    },
  },
  {
    name: "lane-is-taken-only-when-free",
    check: ({ run, snapshot, decision }) => {
      const [was, is] = [snapshot.lane.activeRun, decision.lane.activeRun];
      if (was === is) return null;
      if (is === null) return was === run.id ? null : `it freed the lane of ${was}`;
      return was === null && is === run.id
        ? null
        : `it took the lane of ${was ?? "nobody"} for ${is}`;
    },
  },
  {
    name: "known-good-has-passed",
    check: ({ run, snapshot, decision }) => {
      const before = new Set(snapshot.lane.knownGood.map((known) => known.release));
      const added = decision.lane.knownGood.find((known) => !before.has(known.release));
      if (added === undefined) return null;
      const settled = decision.run.settled?.outcome;
      return added.release === run.plan.release.id && settled === "succeeded"
        ? null
        : `${added.release} became known good by a run that is ${settled ?? "not settled"}`;
    },
  },
  {
    name: "stable-is-known-good",
    check: ({ decision }) => {
      const { stable, knownGood } = decision.lane;
      if (stable === null || knownGood.some((known) => known.release === stable.release))
        return null;
      return `${stable.release} is stable but not known good`;
    },
  },
  {
    name: "back-to-stable",
    check: ({ run, snapshot, decision }) => {
      const { state } = decision.run;
      const stable = snapshot.lane.stable?.release ?? null;
      if (state.kind !== "back" || run.settled !== null || state.target === stable) return null;
      return `it goes back to ${state.target ?? "nothing"}, and ${stable ?? "nothing"} is stable`;
    },
  },
  {
    name: "once-only",
    check: ({ snapshot, decision }) => {
      for (const body of decision.effects) {
        if (body.kind !== "task" || body.repeatable) continue;
        const before = snapshot.effects.find(
          ({ effect, outcome }) =>
            effect.body.kind === "task" &&
            effect.body.step === body.step &&
            outcome?.kind !== "refused" &&
            outcome?.kind !== "retry",
        );
        if (before === undefined) continue;
        return `${body.step} is ordered again, and it is ${before.outcome?.kind ?? before.state}`;
      }
      return null;
    },
  },
  {
    name: "success-only-forward",
    check: ({ run, decision }) => {
      const before = run.settled?.outcome ?? null;
      const after = decision.run.settled?.outcome ?? null;
      if (before !== null && after === null) return "a settled run became unsettled";
      return after === "succeeded" && before !== "succeeded" && run.state.kind === "back"
        ? "a run that went back succeeded"
        : null;
    },
  },
];
