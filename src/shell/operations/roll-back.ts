// Rollback by a person's word: always allowed, nothing is asked. A run that is under way turns
// back, or takes back more; otherwise a run of its own goes to a release that was good here. Only
// what would lose something has to be said in so many words.

import type { FactBody } from "../../core/fact.ts";
import type { ReleaseId, RunId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import { byHand, leftUndone } from "../../core/left-undone.ts";
import { environmentOf } from "../../core/plan-for.ts";
import { Refusal } from "../../core/refusal.ts";
import { returnsByShares } from "../../core/return-shares.ts";
import { pointOfNoReturn } from "../../core/rollback-plan.ts";
import type { Run } from "../../core/run.ts";
import type { RollbackTier } from "../../core/step.ts";
import { isWithin } from "../../core/undo.ts";
import type { UndoableStep } from "../../core/undo.ts";
import type { StoredPass } from "../../ports/store.ts";
import { createOnce } from "./asked-already.ts";
import type { Asked, Desk } from "./desk.ts";
import { leftByRollback, refuseLeftBehind } from "./left-behind.ts";
import { definitionsOf } from "./planning.ts";
import { noneGood, planRollback } from "./rollback-planning.ts";
import type { PlannedRollback } from "./rollback-planning.ts";
import { planTrainBack } from "./train-rollback.ts";

export interface RollbackRequest extends LaneKey, Asked {
  /** Null: the stable one where a run is under way, else the last known good before it. */
  readonly to: ReleaseId | null;
  /** How much is taken back along with the traffic; null: `immediate`. What is left is told, and
   * can be asked for afterwards; what was taken back too much cannot. */
  readonly tier: RollbackTier | null;
  /** All traffic in one go, whatever the playbook says of the tier. */
  readonly now?: boolean | undefined;
}

type Tiered = RollbackRequest & { readonly tier: RollbackTier };

/** Throws a Refusal: `unknown-lane`, `no-known-good`, `already-stable`, `not-known-good`,
 * `point-of-no-return`, `rollback-under-way`, `left-undone`; of a train, what planTrainBack throws.
 * */
export const rollBack = async (desk: Desk, asked: RollbackRequest): Promise<Run> => {
  const request: Tiered = { ...asked, tier: asked.tier ?? "immediate" };
  const lane = await desk.lanes.get(request);
  if (lane === null) {
    // A slip of the pen is told as one.
    environmentOf(await definitionsOf(desk), request);
    throw nothingThere(request);
  }
  const active = lane.activeRun === null ? null : await desk.runs.load(lane.activeRun);
  if (active !== null && takesMore(active, request)) {
    await sayBack(desk, active.run, request);
    return active.run;
  }
  const same = await sameAsked(desk, active, request);
  if (same !== null) {
    if (hurries(same, request)) await sayBack(desk, same, request);
    return same;
  }
  const turning = active !== null && canTurn(active.run);
  if (turning) {
    requireWord(active.run, lane, request.tier);
    await sayBack(desk, active.run, request);
  }
  if (!turning) await refuseLeftBehind(desk, lane, request);
  const train = turning ? null : await planTrainBack(desk, lane, request);
  if (train !== null)
    return await beginRollback(desk, lane, { plan: train, unknown: null }, request);
  const to = request.to ?? (turning ? null : goodBefore(lane));
  if (turning && (to === null || to === lane.stable?.release)) return active.run;
  if (to === null) throw noneGood(lane);
  const atOnce = request.now === true;
  const planned = await planRollback(desk, lane, to, request.tier, atOnce);
  return await beginRollback(desk, lane, planned, request);
};

/** It goes back already, or has gone and not ended, and left something that is now asked for. */
const takesMore = (active: StoredPass, { to, tier }: Tiered): boolean => {
  const { state } = active.run;
  if (state.kind !== "back" || (to !== null && to !== state.target)) return false;
  return leftUndone(active.run, active).some(({ undo }) => isWithin(undo.tier, tier));
};

/** Its traffic returns by shares, and what is asked for has none. */
const hurries = (run: Run, { to, tier, now }: Tiered): boolean => {
  if (!returnsByShares(run) || (tier === "gradual" && now !== true)) return false;
  const { state, plan } = run;
  if (state.kind === "back") return to === null || to === state.target;
  return isWithin(tier, plan.rollback.tier) && (to === null || to === plan.release.id);
};

/** The run that does it already: who asks twice, as people do at night, must not get a second
 * rollback to an older release, nor turn the first one round. */
const sameAsked = async (
  desk: Desk,
  active: StoredPass | null,
  { to, tier, ...key }: Tiered,
): Promise<Run | null> => {
  const under = active === null ? null : alreadyUnderWay(active.run, to);
  const id = under ?? (await alreadyQueued(desk, key, to));
  const run = id === null ? null : ((await desk.runs.load(id))?.run ?? null);
  const itself = run?.origin.kind === "rollback";
  if (run !== null && itself && !isWithin(tier, run.plan.rollback.tier)) {
    throw lesser(run, await leftByRollback(desk, run, tier));
  }
  return run;
};

const alreadyUnderWay = (run: Run, to: ReleaseId | null): RunId | null => {
  if (to === null && hasGoneBack(run)) return run.id;
  const heading = run.settled === null ? headingFor(run) : null;
  return heading !== null && (to === null || to === heading) ? run.id : null;
};

const alreadyQueued = async (
  desk: Desk,
  { service, environment }: LaneKey,
  to: ReleaseId | null,
): Promise<RunId | null> => {
  const waiting = await desk.lanes.waiting({ service, environment });
  const queued = waiting.find((other) => other.urgent && (to === null || to === other.release));
  return queued?.run ?? null;
};

/** It has just done what is asked for, perhaps by itself, and is clearing up: a word that meant the
 * bad release must not take the good one away. Who wants an older one names it. */
const hasGoneBack = ({ settled, state, origin }: Run): boolean =>
  settled !== null && (state.kind === "back" || origin.kind === "rollback");

/** The good release that it is on its way to. A rollback that goes back itself failed to reach
 * one. */
const headingFor = ({ origin, state, plan }: Run): ReleaseId | null => {
  if (origin.kind === "rollback") return state.kind === "forward" ? plan.release.id : null;
  return state.kind === "back" ? state.target : null;
};

/**
 * It has touched something, or done what only it can take back, and its outcome is open. A rollback
 * is not turned round by another.
 */
const canTurn = (run: Run): boolean =>
  (run.touchedAt !== null || run.noReturn !== null) &&
  run.settled === null &&
  run.state.kind === "forward" &&
  run.origin.kind !== "rollback";

/** The next pass would say the same, but only where somebody looks. */
const requireWord = (run: Run, lane: Lane, tier: RollbackTier): void => {
  if (run.noReturn === null || tier === "full") return;
  const to = lane.stable?.release ?? null;
  throw pointOfNoReturn(lane, to, { run: run.id, step: run.noReturn });
};

const sayBack = async (desk: Desk, run: Run, { by, tier, ...request }: Tiered): Promise<void> => {
  const reason = request.reason ?? "rolled back by hand";
  const word = { kind: "rollback", to: null, reason, tier } as const;
  const fact: FactBody = request.now === true ? { ...word, now: true } : word;
  await desk.runs.say(run.id, by, desk.world.now(), fact);
};

const goodBefore = (lane: Lane): ReleaseId | null =>
  lane.knownGood.find((known) => known.release !== lane.stable?.release)?.release ?? null;

const beginRollback = async (
  desk: Desk,
  lane: Lane,
  { plan, unknown }: PlannedRollback,
  request: Tiered,
): Promise<Run> => {
  const said = [request.reason, unknown].filter((text) => text !== null);
  const origin = {
    kind: "rollback" as const,
    by: request.by,
    reason: said.length === 0 ? null : said.join("; "),
    emergency: null,
  };
  return await createOnce(desk, lane, { plan, origin, at: desk.world.now() });
};

const nothingThere = (key: LaneKey): Refusal =>
  new Refusal({
    code: "unknown-lane",
    message: `nothing was ever released to ${laneName(key)}`,
    hint: "sluice status shows every lane",
  });

const lesser = (run: Run, left: readonly UndoableStep[]): Refusal =>
  new Refusal({
    code: "rollback-under-way",
    message:
      `${run.id} rolls back to ${run.plan.release.id} already, and takes back no more than ` +
      `${run.plan.rollback.tier} has`,
    hint:
      run.state.kind === "queued"
        ? `sluice abort ${run.id}, then ask again`
        : `what it leaves is taken back by hand, when it is over: ${byHand(left)}`,
  });
