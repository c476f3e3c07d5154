// Reads what a run's view is made of. Two looks at the store: the view says how things were then.

import type { Run } from "../core/run.ts";
import type { RunView } from "./contract/runs.ts";
import type { Judged } from "./gate-views.ts";
import { membersLeft } from "./members-left.ts";
import type { ApiParts } from "./parts.ts";
import { runView } from "./run-view.ts";

/** A run has a handful of steps and a few events for each; more than this is not shown. */
const MOST_EVENTS = 1_000;

export const readView = async (parts: ApiParts, judged: Judged): Promise<RunView> => {
  const { run } = judged;
  const [events, nextLookAt, active, missing, left] = await Promise.all([
    parts.history.events(run.id, 0, MOST_EVENTS),
    parts.history.nextWake(run.id),
    run.state.kind === "queued" ? activeOf(parts, run) : null,
    goesForward(run) ? parts.operations.missingSecrets(run.plan) : [],
    membersLeft(parts, judged),
  ]);
  const view = runView({ judged, events, nextLookAt, active, now: parts.world.now() });
  const whole = left.length === 0 ? view : { ...view, left: [...view.left, ...left] };
  return missing.length === 0 ? whole : { ...whole, missingSecrets: missing };
};

/** On the way back, what it was to bring asks for nothing more. */
const goesForward = ({ state, settled }: Run): boolean =>
  settled === null && (state.kind === "queued" || state.kind === "forward");

/** It may have got the lane itself since it was looked at: then it waits for nobody. */
const activeOf = async (parts: ApiParts, run: Run): Promise<Run | null> => {
  const active = (await parts.lanes.get(run))?.activeRun ?? null;
  return active === null || active === run.id
    ? null
    : ((await parts.runs.load(active))?.run ?? null);
};

/** Of a run that an operation just returned. */
export const viewOf = async (parts: ApiParts, run: Run): Promise<RunView> => {
  const stored = await parts.runs.load(run.id);
  const nothing = { facts: [], effects: [], standing: [], verifiedIn: [] };
  return readView(parts, stored ?? { run, ...nothing });
};
