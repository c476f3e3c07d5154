// Who asks twice, because the answer was lost or nothing seemed to happen, gets the run that is
// there: the same release under the same plan goes through its lane once.

import { canonicalJson } from "../../core/canonical-json.ts";
import type { ReleaseId, RunId } from "../../core/ids.ts";
import { laneName } from "../../core/lane.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import type { Plan } from "../../core/plan.ts";
import type { Run } from "../../core/run.ts";
import { sha256Hex } from "../../core/sha256.ts";
import type { NewRun } from "../../ports/store.ts";
import type { Desk } from "./desk.ts";

/** What has the lane or waits for it, and brings this release as this plan would. Null: nothing. */
export const sameRun = async (desk: Desk, key: LaneKey, plan: Plan): Promise<Run | null> => {
  const release = plan.release.id;
  const waiting = await desk.lanes.waiting(key);
  const queued = waiting.filter((other) => other.release === release && !other.urgent);
  const active = (await desk.lanes.get(key))?.activeRun ?? null;
  for (const id of [active, ...queued.map(({ run }) => run)]) {
    const run = id === null ? null : ((await desk.runs.load(id))?.run ?? null);
    if (run !== null && bringsIt(run, release) && isSamePlan(run.plan, plan)) return run;
  }
  return null;
};

/** A rollback that brings it does not count: what a deployment asks, nobody asked of it. */
const bringsIt = ({ plan, origin, state, settled }: Run, release: ReleaseId): boolean =>
  plan.release.id === release &&
  origin.kind !== "rollback" &&
  (state.kind === "queued" || state.kind === "forward") &&
  (settled === null || settled.outcome === "succeeded");

/** What it starts from is decided when it takes the lane. */
const isSamePlan = (a: Plan, b: Plan): boolean =>
  a.hash === b.hash || writtenIn(a) === writtenIn(b);

const writtenIn = (plan: Plan): string =>
  canonicalJson({ ...plan, from: null, fromRuntime: null, hash: "" });

/** `lane`: as it was before anybody looked whether the run is there. Two who ask at the same moment
 * saw the same, so their runs have one id, and the store keeps one of them. */
export const createOnce = async (
  desk: Desk,
  lane: Pick<Lane, "auditSeq"> | null,
  given: Omit<NewRun, "id">,
  create: (run: NewRun) => Promise<Run> = (run) => desk.runs.create(run),
): Promise<Run> => {
  const { plan, origin } = given;
  const seen = `${laneName(plan)} ${lane?.auditSeq ?? 0} ${origin.kind} ${plan.hash}`;
  const made = await create({ ...given, id: runIdOf(sha256Hex(seen)) });
  if (made.plan.hash === plan.hash && laneName(made) === laneName(plan)) return made;
  // An id is short: another run may have it by chance.
  return await create({ ...given, id: runIdOf(desk.world.newId()) });
};

const runIdOf = (text: string): RunId => `r-${text.slice(0, 10)}` as RunId;
