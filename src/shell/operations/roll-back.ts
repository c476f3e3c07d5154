// Rollback by a person's word: always allowed, nothing is asked. A run that is under way turns
// back; otherwise a run of its own goes to a release that was good here.

import type { ReleaseId, RunId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import { Refusal } from "../../core/refusal.ts";
import { rollbackPlan } from "../../core/rollback-plan.ts";
import type { Run } from "../../core/run.ts";
import type { StoredPass } from "../../ports/store.ts";
import type { Asked, Desk } from "./desk.ts";

export interface RollbackRequest extends LaneKey, Asked {
  /** Null: the stable one where a run is under way, else the last known good before it. */
  readonly to: ReleaseId | null;
}

export const rollBack = async (desk: Desk, request: RollbackRequest): Promise<Run> => {
  const lane = await desk.lanes.get(request);
  if (lane === null) throw nothingThere(request);
  const active = lane.activeRun === null ? null : await desk.runs.load(lane.activeRun);
  const asked = active === null ? null : alreadyAsked(active, request.to);
  const same = asked === null ? null : await desk.runs.load(asked);
  if (same !== null) return same.run;
  const turning = active !== null && canTurn(active.run);
  if (turning) await turnBack(desk, active.run, request);
  const to = request.to ?? (turning ? null : goodBefore(lane));
  if (turning && (to === null || to === lane.stable?.release)) return active.run;
  if (to === null) throw noneGood(lane);
  return await beginRollback(desk, lane, to, request);
};

/** The run that does it already: who asks twice, as people do at night, must not get a second
 * rollback to an older release, nor turn the first one round. */
const alreadyAsked = ({ run, waiting }: StoredPass, to: ReleaseId | null): RunId | null => {
  const heading = run.settled === null ? headingFor(run) : null;
  if (heading !== null && (to === null || to === heading)) return run.id;
  const queued = waiting.find((other) => other.urgent && (to === null || to === other.release));
  return queued?.run ?? null;
};

/** The good release that it is on its way to. A rollback that goes back itself failed to reach
 * one. */
const headingFor = ({ origin, state, plan }: Run): ReleaseId | null => {
  if (origin.kind === "rollback") return state.kind === "forward" ? plan.release.id : null;
  return state.kind === "back" ? state.target : null;
};

/** It has touched something and its outcome is open. A rollback is not turned round by another. */
const canTurn = (run: Run): boolean =>
  run.touchedAt !== null &&
  run.settled === null &&
  run.state.kind === "forward" &&
  run.origin.kind !== "rollback";

const turnBack = async (desk: Desk, run: Run, request: RollbackRequest): Promise<void> => {
  const reason = request.reason ?? "rolled back by hand";
  await desk.runs.say(run.id, request.by, desk.world.now(), { kind: "rollback", to: null, reason });
};

const goodBefore = (lane: Lane): ReleaseId | null =>
  lane.knownGood.find((known) => known.release !== lane.stable?.release)?.release ?? null;

const beginRollback = async (
  desk: Desk,
  lane: Lane,
  to: ReleaseId,
  request: RollbackRequest,
): Promise<Run> => {
  const { stable } = lane;
  if (stable === null) throw noneGood(lane);
  if (stable.release === to) {
    throw new Refusal({
      code: "already-stable",
      message: `${to} is what ${laneName(lane)} runs already`,
      hint: "name another release with --to",
    });
  }
  const current = await desk.catalog.succeeded(lane, stable.release);
  const good = await desk.catalog.succeeded(lane, to);
  if (current === null || good === null) {
    throw new Refusal({
      code: "not-known-good",
      message: `${to} was never good in ${laneName(lane)}`,
      hint: `known good: ${lane.knownGood.map((known) => known.release).join(", ")}`,
    });
  }
  const plan = rollbackPlan({
    current: current.plan,
    to: { release: good.plan.release, runtime: good.plan.runtime },
    from: { release: current.plan.release, runtime: current.plan.runtime },
    keepFailedMs: current.plan.rollback.keepFailedMs,
  });
  const id = `r-${desk.world.newId().slice(0, 10)}` as RunId;
  const origin = { kind: "rollback" as const, by: request.by, reason: request.reason };
  return await desk.runs.create({ id, plan, origin, at: desk.world.now() });
};

const nothingThere = (key: LaneKey): Refusal =>
  new Refusal({
    code: "unknown-lane",
    message: `nothing was ever released to ${laneName(key)}`,
    hint: "sluice status shows every lane",
  });

const noneGood = (lane: LaneKey): Refusal =>
  new Refusal({
    code: "no-known-good",
    message: `${laneName(lane)} has no other known good release to return to`,
    hint: "name one that was good here with --to, or deploy another release",
  });
