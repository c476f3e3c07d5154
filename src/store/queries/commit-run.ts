// One decision, one round trip: the parameters of sluice.commit_run.

import type { AuditRecord } from "../../core/audit.ts";
import type { Settlement } from "../../core/commit.ts";
import { effectId, isOnce } from "../../core/effect.ts";
import type { Commit } from "../../ports/store.ts";
import type { Statement } from "../database.ts";
import { toJson } from "../json.ts";
import { restOf } from "./run-row.ts";

export const COMMIT_RUN: Statement<unknown> = {
  name: "sluice_commit_run",
  text: `select sluice.commit_run(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)`,
};

export const commitValues = (
  { before, decision, at }: Commit,
  settled: Settlement,
  records: readonly AuditRecord[],
  anchor: readonly AuditRecord[],
): readonly unknown[] => {
  const { run, lane } = settled;
  const { state, plan } = run;
  return [
    run.id,
    before.run.revision,
    run.service,
    run.environment,
    before.lane.revision,
    at,
    run.generation,
    state.kind,
    outcomeOf(settled),
    toJson(restOf(run)),
    plan.hash === before.run.plan.hash ? null : toJson(plan),
    decision.wakeAt,
    before.facts.at(-1)?.seq ?? 0,
    before.effects.filter((effect) => effect.state === "done").length,
    settled.laneChanged ? laneJson(lane, settled.queueMovesUp) : null,
    listOrNull(decision.events),
    listOrNull(records),
    listOrNull(onceEffects(settled)),
    listOrNull(anchor),
  ];
};

/** Known as soon as it is certain, which may be long before the run has cleared up and ended. */
const outcomeOf = ({ run }: Settlement): string | null => {
  if (run.state.kind === "ended") return run.state.outcome;
  return run.settled?.outcome ?? null;
};

const laneJson = (lane: Settlement["lane"], freed: boolean): string =>
  toJson({
    revision: lane.revision,
    generation: lane.generation,
    activeRun: lane.activeRun,
    stable: lane.stable,
    knownGood: lane.knownGood,
    freed,
  });

const onceEffects = ({ effects }: Settlement) =>
  effects
    .filter((effect) => isOnce(effect.body))
    .map(({ key, body }) => ({ id: effectId(key), ordinal: key.ordinal, body }));

const listOrNull = (list: readonly unknown[]): string | null =>
  list.length === 0 ? null : toJson(list);

/** $1: the run; $2: now. */
export const WAKE_AGAIN: Statement<unknown> = {
  name: "sluice_wake_again",
  text: "select sluice.wake_again($1, $2)",
};
