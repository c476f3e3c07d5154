// Making plans from what is in force now: for a forecast, for a new run, and anew for a queued run
// whose lane has changed under it.

import { seal } from "../../core/compile.ts";
import type { CompileInput } from "../../core/compile.ts";
import type { ReleaseId, ServiceName } from "../../core/ids.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import { planFor, unknown } from "../../core/plan-for.ts";
import type { Plan, Release } from "../../core/plan.ts";
import type { Definitions } from "../../core/playbook.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Origin, Run } from "../../core/run.ts";
import type { FreshPlan } from "../../core/snapshot.ts";
import { isMemberBack, takesTrainBack } from "../../core/train/train-back.ts";
import { verifiedAmong } from "../../core/rollout/timeline.ts";
import type { Verified } from "../../core/rollout/phase-period.ts";
import type { Desk } from "./desk.ts";
import { refuseLeftBehind } from "./left-behind.ts";
import { planRollback } from "./rollback-planning.ts";

export const definitionsOf = async (desk: Desk): Promise<Definitions> => {
  const definitions = await desk.catalog.definitions();
  if (definitions !== null) return definitions;
  throw new Refusal({
    code: "no-definitions",
    message: "nothing is defined yet",
    hint: "write definitions with sluice init and apply them with sluice apply",
  });
};

/** Throws `unknown-release`, or `unknown-service` where that is what is wrong. */
export const releaseOf = async (desk: Desk, id: ReleaseId): Promise<Release> => {
  const release = await desk.catalog.release(id);
  if (release !== null) return release;
  const service = id.slice(0, id.lastIndexOf("@")) as ServiceName;
  const known = await desk.catalog.releaseIds(service);
  const defined = (await desk.catalog.definitions())?.services.map(({ name }) => name) ?? [];
  if (known.length > 0 || defined.includes(service)) throw unknown("release", id, known);
  throw unknown("service", service, defined);
};

/** What is stable in the lane and how it runs there. */
const stableOf = async (desk: Desk, lane: Lane | null): Promise<CompileInput["from"]> => {
  if (lane === null || lane.stable === null) return null;
  const run = await desk.catalog.succeeded(lane, lane.stable.release);
  if (run === null) throw new Error(`no run made ${lane.stable.release} stable`);
  return { release: run.plan.release, runtime: run.plan.runtime };
};

/** `origin`: what begins the run, where one is begun. */
export const makePlan = async (
  desk: Desk,
  key: LaneKey,
  release: Release,
  origin: Origin | null = null,
): Promise<Plan> => {
  const definitions = await definitionsOf(desk);
  const from = await stableOf(desk, await desk.lanes.get(key));
  const verified = await verifiedOf(desk, definitions, key, release.id);
  return fitFor(origin, planFor(definitions, key, release, from, verified));
};

/** A member of a train does not give way to a newer release of its service alone: that would take
 * all the others back. */
const fitFor = (origin: Origin | null, plan: Plan): Plan => {
  if (origin?.train === undefined || plan.onNewer === "queue") return plan;
  const { hash: _, ...body } = plan;
  return seal({ ...body, onNewer: "queue" });
};

/** Where the release is known good now, and since when. Only days of a rollout are counted from
 * it. */
const verifiedOf = async (
  desk: Desk,
  { services }: Definitions,
  { service }: LaneKey,
  release: ReleaseId,
): Promise<readonly Verified[]> =>
  services.find(({ name }) => name === service)?.rollout === undefined
    ? []
    : verifiedAmong(await desk.lanes.all(), service, release);

/** Null where it has nothing to do any more: what it was to take back is not there. Throws a
 * Refusal where none can be made: the definitions changed, or there is no way back any more. */
export const replan = async (desk: Desk, run: Run, lane: Lane): Promise<FreshPlan | null> => {
  const { plan } = run;
  const isThere = lane.stable?.release === plan.release.id;
  if (takesTrainBack(plan) || (isMemberBack(run) && !isThere)) return null;
  if (plan.strategy === "rollback") {
    // To which release, how far and how fast somebody said; what that comes to has changed.
    const { tier } = plan.rollback;
    await refuseLeftBehind(desk, lane, { to: plan.release.id, tier });
    const atOnce = plan.atOnce === true;
    const fresh = await planRollback(desk, lane, plan.release.id, tier, atOnce);
    return { kind: "plan", ...fresh };
  }
  const definitions = await definitionsOf(desk);
  const verified = await verifiedOf(desk, definitions, lane, plan.release.id);
  const fresh = planFor(definitions, lane, plan.release, await stableOf(desk, lane), verified);
  return { kind: "plan", plan: fitFor(run.origin, fresh), unknown: null };
};
