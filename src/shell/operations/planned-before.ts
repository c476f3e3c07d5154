// Runs that were planned before other definitions came into force. What was planned, and perhaps
// approved, is what is carried out; whoever applies the definitions is told which runs that is.

import type { RunId } from "../../core/ids.ts";
import type { Lane } from "../../core/lane.ts";
import { Refusal, type RefusalBody } from "../../core/refusal.ts";
import type { Run } from "../../core/run.ts";
import type { Desk } from "./desk.ts";
import { replan } from "./planning.ts";

/** More lanes than these are hardly under way at once, and each takes a look. */
const MAX_LANES = 200;

/** One for each run that goes forward by another plan than it would get now. */
export const plannedBefore = async (desk: Desk): Promise<readonly RefusalBody[]> => {
  const lanes = (await desk.lanes.all()).filter(({ activeRun }) => activeRun !== null);
  const told: RefusalBody[] = [];
  for (const lane of lanes.slice(0, MAX_LANES)) {
    const waiting = await desk.lanes.waiting(lane);
    for (const id of [lane.activeRun, ...waiting.map(({ run }) => run)]) {
      const body = id === null ? null : await toldOf(desk, id, lane);
      if (body !== null) told.push(body);
    }
  }
  return told;
};

const toldOf = async (desk: Desk, id: RunId, lane: Lane): Promise<RefusalBody | null> => {
  const run = (await desk.runs.load(id))?.run ?? null;
  if (run === null || !goesForward(run) || (await isAsNow(desk, run, lane))) return null;
  const { service, environment, plan } = run;
  const version = plan.release.id.slice(service.length + 1);
  const urgent = run.origin.emergency === null ? "" : " --emergency --reason TEXT";
  return {
    code: "planned-before",
    message: "goes on as it was planned, before these definitions",
    where: `run ${id}, ${service} ${version} → ${environment}`,
    hint:
      `to have it planned anew: sluice abort ${id} --reason TEXT, ` +
      `then sluice deploy ${service} ${environment} ${version}${urgent}`,
  };
};

const goesForward = ({ settled, state, origin }: Run): boolean =>
  settled === null && state.kind !== "back" && origin.kind !== "rollback";

const isAsNow = async (desk: Desk, run: Run, lane: Lane): Promise<boolean> => {
  try {
    const fresh = await replan(desk, run, lane);
    return fresh === null || (fresh.kind === "plan" && fresh.plan.hash === run.plan.hash);
  } catch (error) {
    // It has no plan any more: its service is retired, say.
    if (error instanceof Refusal) return false;
    throw error;
  }
};
