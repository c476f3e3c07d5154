// What an emergency finds in its lane: itself, asked for already, or a run that has begun, which it
// waits for or, where somebody says so, sends back first.

import { emergencyLasts } from "../../core/admission/request.ts";
import type { ReleaseId, RunId } from "../../core/ids.ts";
import type { LaneKey } from "../../core/lane.ts";
import { isAtEntry, isEmergency } from "../../core/make-way.ts";
import { Refusal } from "../../core/refusal.ts";
import { rollbackCommand } from "../../core/left-undone.ts";
import type { Run } from "../../core/run.ts";
import type { StoredPass } from "../../ports/store.ts";
import type { Asked, Desk } from "./desk.ts";

/** The emergency that brings this release already, or waits to: who lost the answer asks again.
 * Null: there is none. */
export const sameEmergency = async (
  desk: Desk,
  key: LaneKey,
  release: ReleaseId,
): Promise<Run | null> => {
  const now = desk.world.now();
  const run = (await activeOf(desk, key))?.run ?? null;
  const brings = run?.plan.release.id === release;
  if (run !== null && brings && goesOn(run) && emergencyLasts(run, now)) return run;
  const waiting = await desk.lanes.waiting(key);
  const same = waiting.find((other) => other.release === release && isEmergency(other, now));
  return same === undefined ? null : ((await desk.runs.load(same.run))?.run ?? null);
};

/** Asked before anything is begun. Throws a Refusal: `point-of-no-return`. */
export const requireWayBack = async (desk: Desk, key: LaneKey): Promise<void> => {
  const active = await activeOf(desk, key);
  if (active === null || active.run.noReturn === null || !goesOn(active.run)) return;
  const { run, lane } = active;
  throw new Refusal({
    code: "point-of-no-return",
    message: `${run.id} began ${run.noReturn}, behind which it does not go back for a newer run`,
    hint:
      `without --supersede the emergency waits for its end; ` +
      `${rollbackCommand(run, lane.stable?.release ?? null, "full")} goes back all the same`,
  });
};

/** Sends back whatever has begun in the lane of `run`, which waits there. A rollback is left to
 * finish: it brings what is good, and soon. */
export const clearTheWay = async (desk: Desk, run: Run, { by, reason }: Asked): Promise<void> => {
  const active = await activeOf(desk, run);
  if (active === null || active.run.id === run.id || !goesOn(active.run)) return;
  const now = desk.world.now();
  if (active.run.origin.kind === "rollback" || active.run.noReturn !== null) return;
  // It makes way by itself.
  if (isAtEntry(active.run) && !emergencyLasts(active.run, now)) return;
  const text = `makes way for the emergency ${run.id}: ${reason ?? "no reason given"}`;
  await desk.runs.say(active.run.id, by, now, { kind: "abort", reason: text });
};

const activeOf = async (desk: Desk, key: LaneKey): Promise<StoredPass | null> => {
  const id: RunId | null = (await desk.lanes.get(key))?.activeRun ?? null;
  return id === null ? null : await desk.runs.load(id);
};

const goesOn = ({ state, settled }: Run): boolean => state.kind === "forward" && settled === null;
