// One lane as a person wants to see it: what is stable, what is under way, what target and router
// say at this moment.

import type { LaneKey } from "../core/lane.ts";
import { SLOTS } from "../core/lane.ts";
import type { Lane } from "../core/lane.ts";
import type { Run } from "../core/run.ts";
import type { Standing } from "../core/standing.ts";
import type { GateView } from "./contract/gates.ts";
import type { LaneRun, LaneSeen, LaneView } from "./contract/lanes.ts";
import { gateViews } from "./gate-views.ts";
import { memberViews } from "./member-views.ts";
import type { ObservedLane } from "./operations.ts";
import type { ApiParts } from "./parts.ts";
import { currentStep, runBrief } from "./run-brief.ts";
import { standingNow } from "./standing-reading.ts";
import { freezeView, isAbout, ofKind, reviewView } from "./standing-views.ts";

/** A look that takes longer is told as not seen: the table must come quickly. */
const LOOK_MS = 500;
/** The queue of a lane is counted among its newest runs. */
const RECENT_RUNS = 20;

export const readLane = async (
  parts: ApiParts,
  key: LaneKey,
  standing: readonly Standing[],
  signal: AbortSignal,
): Promise<LaneView> => {
  const [lane, recent, observed] = await Promise.all([
    parts.lanes.get(key),
    parts.history.list({ ...key, state: null, limit: RECENT_RUNS }),
    look(parts, key, signal),
  ]);
  const active = recent.find((run) => run.id === lane?.activeRun) ?? null;
  const more = active === null ? {} : await moreOf(parts, active);
  return laneView({ key, lane, recent, active, standing, observed, ...more });
};

/** Freezes and reviews of all lanes, in force or to come, in one look. */
export const standingOfLanes = async (parts: ApiParts): Promise<readonly Standing[]> => {
  const kinds = ["freeze", "review"] as const;
  return (await Promise.all(kinds.map((kind) => standingNow(parts, kind)))).flat();
};

/** The gate that a run stands at, with every rule's answer, and how far a train's members are. */
const moreOf = async (parts: ApiParts, run: Run): Promise<Pick<LaneRead, "train" | "gate">> => {
  const [atGate, isTrain] = [currentStep(run)?.kind === "gate", run.plan.strategy === "train"];
  const stored = atGate || isTrain ? await parts.runs.load(run.id) : null;
  if (stored === null) return { gate: null };
  const gate = gateViews(stored, parts.world.now()).find(({ state }) => state === "here") ?? null;
  if (!isTrain) return { gate };
  const members = memberViews(stored.run, stored);
  const settled = members.filter(({ state }) => state === "settled").length;
  return { gate: atGate ? gate : null, train: { settled, all: members.length } };
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

interface LaneRead {
  readonly key: LaneKey;
  readonly lane: Lane | null;
  /** Newest first. */
  readonly recent: readonly Run[];
  readonly active: Run | null;
  /** The gate that the active run stands at. */
  readonly gate?: GateView | null;
  readonly train?: LaneRun["train"];
  readonly standing: readonly Standing[];
  /** Null: nobody could look. */
  readonly observed: ObservedLane | null;
}

/** Pure. */
const laneView = (read: LaneRead): LaneView => {
  const { key, lane, recent, active, standing, observed } = read;
  const own = standing.filter((fact) => isAbout(fact, key));
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
    run: active === null ? null : laneRun(active, read),
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
    freezes: ofKind(own, "freeze").map(freezeView),
    reviews: ofKind(own, "review").map(reviewView),
    seen: recent[0]?.plan.strategy === "train" ? { kind: "none" } : seenOf(observed),
  };
};

const laneRun = (run: Run, { gate = null, train }: LaneRead): LaneRun => ({
  ...runBrief(run),
  reason: run.because[0]?.text ?? null,
  gate,
  ...(train === undefined ? {} : { train }),
});

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
    ...troubleOf([
      router.value.trouble,
      ...instances.map(({ phase, trouble }) => (phase === "ready" ? undefined : trouble)),
    ]),
  };
};

/** Of many instances most have the same. */
const MOST_TROUBLES = 3;

const troubleOf = (texts: readonly (string | undefined)[]): { trouble?: readonly string[] } => {
  const trouble = [...new Set(texts.filter((text) => text !== undefined))].slice(0, MOST_TROUBLES);
  return trouble.length === 0 ? {} : { trouble };
};
