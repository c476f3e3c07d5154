// What a committed decision comes to: the run and the lane as they will be, effects under their
// keys, audit records. Worked out here once, so that every store writes the same.

import type { AuditDraft } from "./audit-drafts.ts";
import type { Decision, RunEvent } from "./decision.ts";
import type { Effect } from "./effect.ts";
import type { Instant } from "./ids.ts";
import { SLUICE } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Run } from "./run.ts";
import { same } from "./same.ts";

export interface Settlement {
  readonly run: Run;
  /** Its audit head is as before: sealing the drafts moves it. */
  readonly lane: Lane;
  /** False: neither the lane nor what its other runs see of this one is any different. */
  readonly laneChanged: boolean;
  /** True: those who wait have their turn now. The lane had this run and is free, or it ended while
   * it was waiting itself, and whoever was behind it is told by nobody else. */
  readonly queueMovesUp: boolean;
  /** True: the run ends with this decision. */
  readonly ends: boolean;
  readonly effects: readonly Effect[];
  readonly drafts: readonly AuditDraft[];
}

export interface DecisionToSettle {
  readonly run: Run;
  readonly lane: Lane;
  readonly decision: Decision;
  /** Highest generation seen at target and router. */
  readonly observedGeneration: number;
  readonly at: Instant;
}

/**
 * The generation becomes the highest of the run's, the lane's and the observed one, and one more
 * where the decision changes the run or has effects; a pass that only sets its next wake-up leaves
 * it. Throws where the decision breaks an invariant: an ended run goes on, or an unfinished one has
 * no next wake-up.
 */
export const settle = (given: DecisionToSettle): Settlement => {
  const { run: before, lane: laneBefore, decision, at } = given;
  const { run: after } = decision;
  assertSound(before, decision);
  const moves = decision.effects.length > 0 || !sameRun(before, after);
  const generation =
    Math.max(before.generation, laneBefore.generation, given.observedGeneration) + (moves ? 1 : 0);
  const lane = { ...laneBefore, ...decision.lane, generation };
  const leavesQueue = isQueued(before) !== isQueued(after);
  const laneChanged = leavesQueue || !same(laneBefore, lane);
  const ends = before.state.kind !== "ended" && after.state.kind === "ended";
  const hadTheLane = laneBefore.activeRun === before.id;
  const run = { ...after, revision: before.revision + 1, generation };
  return {
    run,
    lane: { ...lane, revision: laneBefore.revision + (laneChanged ? 1 : 0) },
    laneChanged,
    queueMovesUp: lane.activeRun === null && (hadTheLane || (leavesQueue && ends)),
    ends,
    effects: keyed(run, decision),
    drafts: decision.events.filter(isWorthKeeping).map((event) => draftOf(run, event, at)),
  };
};

const isQueued = (run: Run): boolean => run.state.kind === "queued";

const assertSound = (before: Run, decision: Decision): void => {
  const ended = decision.run.state.kind === "ended";
  if (before.state.kind === "ended" && !ended) {
    throw new Error(`run ${before.id} has ended and must not go on`);
  }
  if (!ended && decision.wakeAt === null) {
    throw new Error(`run ${before.id} is unfinished and has no next wake-up`);
  }
};

/** Apart from the store's own numbers and the reasons, which every pass gives anew. */
const sameRun = (before: Run, after: Run): boolean =>
  before.plan.hash === after.plan.hash &&
  [...Object.keys(before), ...Object.keys(after)].every(
    (key) => NOT_COMPARED.includes(key) || same(before[key as keyof Run], after[key as keyof Run]),
  );

/** The plan is compared by its hash. */
const NOT_COMPARED: readonly string[] = ["because", "plan", "revision", "generation"];

const keyed = (run: Run, { effects }: Decision): readonly Effect[] =>
  effects.map((body, ordinal) => ({
    key: {
      service: run.service,
      environment: run.environment,
      run: run.id,
      generation: run.generation,
      ordinal,
    },
    body,
  }));

/** What is only watched, at every sample, is in the events and would bury the rest in the chain. */
const isWorthKeeping = (event: RunEvent): boolean => !event.type.startsWith("watch.");

const draftOf = (run: Run, event: RunEvent, at: Instant): AuditDraft => ({
  at,
  by: SLUICE,
  action: event.type,
  subject: run.id,
  why: event.reasons.map((reason) => reason.text).join("; ") || null,
  planHash: run.plan.hash,
  data: { step: event.step, reasons: event.reasons, generation: run.generation },
});
