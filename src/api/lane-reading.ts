// One lane as a person wants to see it: what is stable, what is under way, what target and router
// say at this moment.

import type { LaneKey } from "../core/lane.ts";
import { SLOTS } from "../core/lane.ts";
import type { Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { LaneRun, LaneSeen, LaneView } from "./contract.ts";
import type { ObservedLane } from "./operations.ts";
import type { ApiParts } from "./parts.ts";
import { runBrief } from "./run-brief.ts";

/** A look that takes longer is told as not seen: the table must come quickly. */
const LOOK_MS = 500;
/** The queue of a lane is counted among its newest runs. */
const RECENT_RUNS = 20;

export const readLane = async (
  parts: ApiParts,
  key: LaneKey,
  signal: AbortSignal,
): Promise<LaneView> => {
  const [lane, recent, observed] = await Promise.all([
    parts.lanes.get(key),
    parts.history.list({ ...key, state: null, limit: RECENT_RUNS }),
    look(parts, key, signal),
  ]);
  return laneView(key, lane, recent, observed);
};

const look = async (
  parts: ApiParts,
  key: LaneKey,
  signal: AbortSignal,
): Promise<ObservedLane | null> => {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  const late = new Promise<null>((resolve) => {
    deadline.addEventListener("abort", () => resolve(null), { once: true });
  });
  return Promise.race([parts.operations.observeLane(key, deadline), late]);
};

/** Pure. `recent`: the lane's newest runs, newest first; `observed` null: nobody could look. */
const laneView = (
  key: LaneKey,
  lane: Lane | null,
  recent: readonly Run[],
  observed: ObservedLane | null,
): LaneView => {
  const active = recent.find((run) => run.id === lane?.activeRun) ?? null;
  const settled = recent.find(
    (run) => run.settled !== null && run.settled.outcome !== "superseded",
  );
  const stable = lane?.stable ?? null;
  const known = lane?.knownGood.find((good) => good.release === stable?.release);
  return {
    service: key.service,
    environment: key.environment,
    stable:
      stable === null
        ? null
        : { release: stable.release, slot: stable.slot, since: known?.at ?? null },
    knownGood: lane?.knownGood ?? [],
    run: active === null ? null : laneRun(active),
    queued: recent.filter((run) => run.state.kind === "queued").length,
    last:
      settled?.settled == null
        ? null
        : {
            run: settled.id,
            release: settled.plan.release.id,
            outcome: settled.settled.outcome,
            at: settled.settled.at,
          },
    seen: seenOf(observed),
  };
};

const laneRun = (run: Run): LaneRun => ({ ...runBrief(run), reason: run.because[0]?.text ?? null });

const seenOf = (observed: ObservedLane | null): LaneSeen => {
  if (observed === null) return { kind: "unseen", why: "target and router did not answer in time" };
  const { target, router } = observed;
  if (target.kind === "unseen") return { kind: "unseen", why: target.why };
  if (router.kind === "unseen") return { kind: "unseen", why: router.why };
  const slots = SLOTS.map((slot) => {
    const { wanted, instances } = target.value.slots[slot];
    const counts = {
      ready: instances.filter(({ phase }) => phase === "ready").length,
      wanted: wanted.reduce((sum, cohort) => sum + cohort.instances, 0),
      weight: router.value.weights[slot],
    };
    return [slot, counts] as const;
  });
  const instances = SLOTS.flatMap((slot) => target.value.slots[slot].instances);
  return {
    kind: "seen",
    slots: Object.fromEntries(slots) as Extract<LaneSeen, { kind: "seen" }>["slots"],
    restarts: instances.reduce((sum, instance) => sum + instance.restarts, 0),
  };
};
