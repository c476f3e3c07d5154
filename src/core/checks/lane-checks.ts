// What must hold of a lane at any time between decisions.

import { later, type Instant } from "../ids.ts";
import { asWaiting, isAhead } from "../make-way.ts";
import type { Check, LaneView } from "./check.ts";
import { weightsSum } from "./route-checks.ts";

/** A free lane's next run looks again at least this often: for a router to be seen, for a plan. */
const AWAKE_WITHIN_MS = 10_000;

/** How far the clocks of two replicas may be apart without anything being wrong with the queue. */
const CLOCKS_DIFFER_MS = 1_000;

type Queued = LaneView["runs"][number];

const firstOf = (queued: readonly Queued[], now: Instant): Queued | undefined =>
  queued.toSorted((a, b) => (isAhead(a.run, asWaiting(b.run), now) ? 1 : -1))[0];

export const LANE_CHECKS: readonly Check<LaneView>[] = [
  {
    name: "one-active-run",
    check: ({ lane, runs }) => {
      const active = runs.filter(
        ({ run }) => run.state.kind === "forward" || run.state.kind === "back",
      );
      const stray = active.find(({ run }) => run.id !== lane.activeRun);
      if (stray !== undefined)
        return `${stray.run.id} is under way while ${lane.activeRun} has the lane`;
      const ended = runs.find(({ run }) => run.id === lane.activeRun && run.state.kind === "ended");
      return ended === undefined ? null : `the lane is held by ${ended.run.id}, which has ended`;
    },
  },
  {
    name: "unfinished-runs-wake",
    check: ({ runs }) => {
      const lost = runs.find(({ run, wakeAt }) => run.state.kind !== "ended" && wakeAt === null);
      return lost === undefined ? null : `${lost.run.id} is ${lost.run.state.kind} and never wakes`;
    },
  },
  {
    name: "next-in-queue-is-awake",
    check: ({ now, lane, runs }) => {
      if (lane.activeRun !== null) return null;
      const queued = runs.filter(({ run }) => run.state.kind === "queued");
      const next = firstOf(queued, later(now, -CLOCKS_DIFFER_MS));
      if (next === undefined || next.wakeAt === null) return null;
      // An emergency that is ending is over already by one clock, and by another it is not.
      if (next !== firstOf(queued, later(now, CLOCKS_DIFFER_MS))) return null;
      const sleepsMs = next.wakeAt - now;
      return sleepsMs <= AWAKE_WITHIN_MS
        ? null
        : `${next.run.id} could begin, and sleeps for ${sleepsMs / 1000} s`;
    },
  },
  {
    name: "generations-in-order",
    check: ({ lane, runs, target, router }) => {
      const found = (who: string, generation: number): string =>
        `${who} has generation ${generation}, the lane only ${lane.generation}`;
      const most = lane.generation;
      if ((target?.generation ?? 0) > most) return found("the target", target?.generation ?? 0);
      if ((router?.generation ?? 0) > most) return found("the router", router?.generation ?? 0);
      const ahead = runs.find(({ run }) => run.generation > most)?.run;
      return ahead === undefined ? null : found(ahead.id, ahead.generation);
    },
  },
  {
    name: "router-weights-sum",
    check: ({ router }) => (router === null ? null : weightsSum(router.weights)),
  },
  {
    name: "stable-release-is-known-good",
    check: ({ lane }) =>
      lane.stable === null || lane.knownGood.some(({ release }) => release === lane.stable?.release)
        ? null
        : `${lane.stable.release} is stable but not known good`,
  },
];
