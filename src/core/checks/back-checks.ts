// What must hold of a decision's run, lane and wake-up, whichever way the run goes.

import type { Check, DecisionView } from "./check.ts";
import { canonicalJson } from "../canonical-json.ts";
import { isOnce } from "../effect.ts";
import { isHeld } from "../held.ts";
import type { Instant } from "../ids.ts";
import { later } from "../ids.ts";
import type { Run } from "../run.ts";

/** However little there is to do: what is not looked at cannot be put right. */
const LONGEST_SLEEP_MS = 600_000;

export const BACK_CHECKS: readonly Check<DecisionView>[] = [
  {
    name: "unfinished-wakes",
    check: ({ snapshot, decision }) => {
      if (decision.run.state.kind === "ended") return null;
      const { wakeAt } = decision;
      if (wakeAt === null) return "an unfinished run has no next wake-up";
      const longest = later(snapshot.takenAt, LONGEST_SLEEP_MS);
      return wakeAt <= longest ? null : `it sleeps until ${wakeAt}, longer than to ${longest}`;
    },
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
      if (decision.lane.knownGood === snapshot.lane.knownGood) return null;
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
  {
    name: "outcome-is-seen",
    check: ({ run, snapshot, decision }) => {
      const { settled, slots, touchedAt } = decision.run;
      if (run.settled !== null || settled === null || touchedAt === null || slots === null) {
        return null;
      }
      // It has no traffic of its own.
      if (run.plan.strategy === "train") return null;
      const before = snapshot.lane.stable === null ? null : slots.stable;
      const good = settled.outcome === "succeeded" ? slots.candidate : before;
      // Nothing good to return to: what serves is left as it is.
      if (good === null) return null;
      const { router } = snapshot;
      if (router.kind === "unseen") return `it ${settled.outcome} with the router unseen`;
      const has = router.value.weights[good];
      return has === 1000 ? null : `it ${settled.outcome} while ${good} has ${has} ‰`;
    },
  },
  {
    name: "held-stays",
    check: ({ run, decision }) => {
      const [was, is] = [run.state, decision.run.state];
      if (was.kind !== "forward" || is.kind !== "forward") return null;
      if (!isHeld(decision.run) || decision.run.settled !== null) return null;
      return was.step === is.step ? null : `a held run went from step ${was.step} to ${is.step}`;
    },
  },
  {
    name: "hold-lasts",
    check: ({ run, snapshot, decision }) => {
      const { hold } = run;
      if (hold === null || decision.run.state.kind !== "forward") return null;
      const said = snapshot.facts.some(
        ({ seq, kind }) => seq > run.factsSeen && (kind === "resume" || kind === "hold"),
      );
      if (said || decision.run.hold !== null) return null;
      return `${hold.by} holds it, and it was let go without anybody's word`;
    },
  },
  {
    name: "stall-pages",
    check: ({ run, decision }) => {
      const [was, is] = [stalledAt(run), stalledAt(decision.run)];
      if (was !== null || is === null || run.plan.notify.length === 0) return null;
      const paged = decision.effects.some((one) => one.kind === "notify" && one.event.page);
      return paged ? null : "it stalls and pages nobody";
    },
  },
];

const stalledAt = ({ state }: Run): Instant | null =>
  state.kind === "forward" || state.kind === "back" ? (state.stalled?.at ?? null) : null;
