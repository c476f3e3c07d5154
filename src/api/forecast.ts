// A plan's gates as a run of it would find them now, although there is none yet.

import { asksForAges } from "../core/admission/dated-gates.ts";
import { SLUICE } from "../core/ids.ts";
import type { Actor, EnvironmentName, Instant, ReleaseId, RunId } from "../core/ids.ts";
import type { Lane, LaneKey } from "../core/lane.ts";
import { newRun } from "../core/new-run.ts";
import type { Plan } from "../core/plan.ts";
import type { Standing } from "../core/standing.ts";
import type { Step } from "../core/step.ts";
import type { Judged } from "./gate-views.ts";
import type { ApiParts } from "./parts.ts";

/** Standing facts that are looked at; a lane never has so many. */
const MOST_STANDING = 1_000;

/** `by`: whoever would begin it, since that may decide who approves. */
export const forecastOf = async (
  parts: ApiParts,
  plan: Plan,
  by: Actor = SLUICE,
): Promise<Judged> => {
  const now = parts.world.now();
  const [standing, lanes, firstSeen] = await Promise.all([
    standingOf(parts, { ...plan, release: plan.release.id }, now),
    parts.lanes.all(),
    asksForAges(plan) ? parts.sightings.firstSeen(plan.release.id) : undefined,
  ]);
  return {
    run: runOf(plan, by, now),
    facts: [],
    effects: [],
    standing,
    verifiedIn: verifiedIn(lanes, plan.service, plan.release.id),
    firstSeen,
  };
};

/** What concerns this release there and is in force then, or later. Oldest first. */
export const standingOf = async (
  parts: ApiParts,
  about: LaneKey & { readonly release: ReleaseId | null },
  at: Instant,
): Promise<readonly Standing[]> => {
  const { service, environment, release } = about;
  const filter = { kind: null, service, environment, release, at, limit: MOST_STANDING };
  return (await parts.operations.listStanding(filter)).toReversed();
};

const verifiedIn = (
  lanes: readonly Lane[],
  service: string,
  release: ReleaseId,
): readonly EnvironmentName[] =>
  lanes
    .filter((lane) => lane.service === service)
    .filter((lane) => lane.knownGood.some((good) => good.release === release))
    .map((lane) => lane.environment);

/** Which moment a run gets within a calendar's spread follows from its id, and it has none yet: so
 * its gates are told by when calendars open. */
const runOf = (plan: Plan, by: Actor, at: Instant) =>
  newRun({
    id: "r-forecast" as RunId,
    seq: 0,
    plan: { ...plan, steps: plan.steps.map(unspread) },
    origin: { kind: "manual", by, reason: null, emergency: null },
    at,
  });

export const unspread = (step: Step): Step =>
  step.kind !== "gate"
    ? step
    : {
        ...step,
        rules: step.rules.map((rule) =>
          rule.kind === "window" ? { ...rule, calendar: { ...rule.calendar, spreadMs: 0 } } : rule,
        ),
      };
