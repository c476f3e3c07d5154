// Planted bugs: each breaks one thing that keeps Sluice right, around the production code and not
// in it, so that the simulator can be seen to find it.

import { isOnce } from "../core/effect.ts";
import { later, type Instant, type RunId } from "../core/ids.ts";
import type { Plan } from "../core/plan.ts";
import type { Sample, Series } from "../core/series.ts";
import type { TargetState } from "../core/snapshot.ts";
import type { Commit, RunStore } from "../ports/store.ts";
import type { ShellParts } from "../shell/parts.ts";
import { alertsAllAlike, alertsNameless } from "./alert-bugs.ts";
import { alwaysFull, anyBackup, failedIsProven } from "./backup-bugs.ts";
import {
  anyDayIsTheDay,
  authorCounts,
  findingsStayYoung,
  freezeIgnored,
  noReturnCrossed,
  otherPlan,
  oneIsEnough,
  undoneInOrderOfDoing,
  windowAskedOnce,
} from "./gate-bugs.ts";
import { misread } from "./misread.ts";
import { begunIsSettled, membersForgotten, trainNotSeen } from "./train-bugs.ts";
import {
  emergencyTakesAnyLane,
  emergencyUnseen,
  freezeTakesTheHold,
  hasteUnheard,
  missUntold,
  returnsRising,
  sharesInNoTime,
  stopsUnasked,
  tierForgotten,
  undosForgotten,
} from "./way-bugs.ts";

export interface Bug {
  /** False: target and router take orders of any age. */
  readonly fenced: boolean;
  /** False: a database is put back as often as that is ordered. */
  readonly restoresOnce: boolean;
  /** Between the shell and its ports. */
  parts(parts: ShellParts): ShellParts;
  /** What becomes of a wake-up that the store sets; null loses it. */
  wake(at: Instant | null): Instant | null;
}

export const NO_BUG: Bug = {
  fenced: true,
  restoresOnce: true,
  parts: (parts) => parts,
  wake: (at) => at,
};

const inParts = (parts: Bug["parts"]): Bug => ({ ...NO_BUG, parts });

const inCommit = (change: (commit: Commit) => Commit): Bug =>
  inParts((parts) => ({
    ...parts,
    runs: { ...parts.runs, commit: (commit) => parts.runs.commit(change(commit)) },
  }));

/** The store is told that its newest state is the one that the decision was made on. */
const comparesNothing = (runs: RunStore): RunStore => ({
  ...runs,
  commit: async (commit) => {
    const newest = await runs.load(commit.before.run.id);
    if (newest === null) return { kind: "conflict" };
    const run = { ...commit.before.run, revision: newest.run.revision };
    const lane = { ...commit.before.lane, revision: newest.lane.revision };
    return await runs.commit({ ...commit, before: { ...commit.before, run, lane } });
  },
});

const believesItsOrders = (): Bug => {
  let believed: Parameters<ShellParts["router"]["route"]>[1] | null = null;
  return inParts((parts) => ({
    ...parts,
    router: {
      observe: async (lane, signal) => {
        const seen = await parts.router.observe(lane, signal);
        return { ...seen, weights: believed ?? seen.weights, generation: Number.MAX_SAFE_INTEGER };
      },
      route: (key, weights, route, signal) => {
        believed = weights;
        return parts.router.route(key, weights, route, signal);
      },
    },
    runs: {
      ...parts.runs,
      commit: (commit) => parts.runs.commit({ ...commit, observedGeneration: 0 }),
    },
  }));
};

const allReady = (state: TargetState): TargetState => {
  const ready = ({ wanted }: TargetState["slots"]["blue"]): TargetState["slots"]["blue"] => ({
    wanted,
    instances: wanted.flatMap(({ release, instances }) =>
      Array.from({ length: instances }, (_, index) => ({
        id: `${release}-${index}`,
        release,
        phase: "ready" as const,
        restarts: 0,
      })),
    ),
  });
  return { ...state, slots: { blue: ready(state.slots.blue), green: ready(state.slots.green) } };
};

const MANY = 1_000_000;

const claimsReadiness = inParts((parts) => ({
  ...parts,
  target: {
    ...parts.target,
    observe: async (lane, signal) => allReady(await parts.target.observe(lane, signal)),
  },
  router: {
    ...parts.router,
    observe: async (lane, signal) => ({
      ...(await parts.router.observe(lane, signal)),
      endpoints: { blue: MANY, green: MANY },
    }),
  },
}));

/** No data becomes the best of data. */
const flattering = (series: Series): Series => {
  const { query } = series;
  const samples: readonly Sample[] =
    series.kind === "samples" ? series.samples : [{ at: query.to, value: null, count: 0 }];
  return {
    kind: "samples",
    query,
    samples: samples.map((one) => (one.count > 0 ? one : { ...one, value: 0, count: MANY })),
  };
};

const losesWakes = (): Bug => {
  let set = 0;
  return {
    ...NO_BUG,
    wake: (at) => {
      set += 1;
      return set % 20 === 0 ? null : at;
    },
  };
};

const actsFirst = inParts((parts) => ({
  ...parts,
  runs: {
    ...parts.runs,
    commit: async (commit) => {
      const { before, decision, observedGeneration } = commit;
      const { service, environment, id: run } = before.run;
      const generation =
        Math.max(before.lane.generation, before.run.generation, observedGeneration) + 1;
      const signal = new AbortController().signal;
      for (const [ordinal, body] of decision.effects.entries()) {
        const key = { service, environment, run, generation, ordinal };
        if (body.kind === "apply") await parts.target.apply(key, body.spec, signal);
        if (body.kind === "route") await parts.router.route(key, body.weights, body.route, signal);
      }
      return await parts.runs.commit(commit);
    },
  },
}));

const goodTooEarly = inCommit((commit) => {
  const { run, lane, effects } = commit.decision;
  const acts = effects.some((effect) => !isOnce(effect));
  if (!acts || lane.knownGood.some(({ release }) => release === run.plan.release.id)) return commit;
  const knownGood = [{ release: run.plan.release.id, at: commit.at }, ...lane.knownGood];
  return { ...commit, decision: { ...commit.decision, lane: { ...lane, knownGood } } };
});

const backToTheNewer = inCommit((commit) => {
  const { run } = commit.decision;
  const newer = commit.before.waiting[0];
  if (run.state.kind !== "back" || newer === undefined) return commit;
  const state = { ...run.state, target: newer.release };
  return { ...commit, decision: { ...commit.decision, run: { ...run, state } } };
});

/** Runs are read without their triggers, and written back with them. */
const forgetsTriggers = (): Bug => {
  const plans = new Map<RunId, Plan>();
  return inParts((parts) => ({
    ...parts,
    runs: {
      ...parts.runs,
      load: async (id) => {
        const stored = await parts.runs.load(id);
        if (stored === null || stored.run.state.kind === "queued") return stored;
        const { plan } = stored.run;
        plans.set(id, plan);
        return { ...stored, run: { ...stored.run, plan: { ...plan, triggers: [] } } };
      },
      commit: (commit) => {
        const { before, decision } = commit;
        const plan = plans.get(before.run.id) ?? decision.run.plan;
        const whole = { ...decision, run: { ...decision.run, plan } };
        return parts.runs.commit({ ...commit, decision: whole });
      },
    },
  }));
};

const HALF_A_DAY_MS = 43_200_000;

/** One for each seed: some of them remember what they did. */
export const BUGS = {
  "fence-removed": () => ({ ...NO_BUG, fenced: false }),
  "compare-and-set-removed": () =>
    inParts((parts) => ({ ...parts, runs: comparesNothing(parts.runs) })),
  "read-back-skipped": believesItsOrders,
  "capacity-skipped": () => claimsReadiness,
  "claim-ignored": () =>
    inParts((parts) => ({
      ...parts,
      effects: {
        ...parts.effects,
        claim: async (id, by, at) => (await parts.effects.claim(id, by, at)) || true,
      },
    })),
  "unknown-run-again": () =>
    inParts((parts) => ({
      ...parts,
      effects: {
        ...parts.effects,
        finish: (id, outcome, at) =>
          parts.effects.finish(
            id,
            outcome.kind === "unknown" ? { kind: "retry", afterMs: 0, why: outcome.why } : outcome,
            at,
          ),
      },
    })),
  "wake-up-lost": losesWakes,
  "wake-up-much-too-late": () => ({
    ...NO_BUG,
    wake: (at) => (at === null ? null : later(at, HALF_A_DAY_MS)),
  }),
  "no-data-passes": () =>
    inParts((parts) => ({
      ...parts,
      metrics: {
        read: async (lane, queries, signal) =>
          (await parts.metrics.read(lane, queries, signal)).map(flattering),
      },
    })),
  "word-not-heard": () =>
    inParts((parts) => ({
      ...parts,
      runs: {
        ...parts.runs,
        load: async (id) => {
          const stored = await parts.runs.load(id);
          if (stored === null) return null;
          return { ...stored, facts: stored.facts.filter(({ kind }) => kind !== "abort") };
        },
      },
    })),
  "triggers-forgotten": forgetsTriggers,
  "alerts-nameless": () => inParts(misread(alertsNameless)),
  "alerts-all-alike": () => inParts(misread(alertsAllAlike)),
  "good-too-early": () => goodTooEarly,
  "back-to-the-newer": () => backToTheNewer,
  "acts-before-commit": () => actsFirst,
  "freeze-ignored": () => inParts(freezeIgnored),
  "approval-of-author-counts": () => inParts(authorCounts),
  "one-approval-is-enough": () => inParts(oneIsEnough()),
  "window-asked-once": () => inParts(windowAskedOnce()),
  "any-day-is-the-day": () => inParts(anyDayIsTheDay()),
  "findings-stay-young": () => inParts(findingsStayYoung),
  "no-return-crossed": () => inParts(noReturnCrossed),
  "emergency-queues": () => inParts(misread(emergencyUnseen)),
  "emergency-takes-any-lane": () => inParts(misread(emergencyTakesAnyLane)),
  "asks-nothing-between-shares": () => inParts(otherPlan(stopsUnasked)),
  "freeze-takes-the-hold": () => inCommit(freezeTakesTheHold),
  "begun-is-settled": () => inParts(begunIsSettled),
  "members-forgotten": () => inParts(membersForgotten),
  "train-not-seen": () => inParts(trainNotSeen),
  "backup-unproven": () => inParts(failedIsProven),
  "restores-any-backup": () => inParts(anyBackup()),
  "restores-unasked": () => inParts(alwaysFull()),
  "restores-again": () => ({ ...NO_BUG, restoresOnce: false }),
  "returns-rising": () => inCommit(returnsRising),
  "haste-unheard": () => inParts(misread(hasteUnheard)),
  "shares-in-no-time": () => inParts(misread(sharesInNoTime)),
  "miss-untold": () => inCommit(missUntold),
  "tier-forgotten": () => inParts(tierForgotten),
  "undos-forgotten": () => inParts(undosForgotten),
  "undone-in-order-of-doing": () => inParts(undoneInOrderOfDoing),
} satisfies Readonly<Record<string, () => Bug>>;

export type BugName = keyof typeof BUGS;

export const isBugName = (name: string): name is BugName => Object.hasOwn(BUGS, name);
