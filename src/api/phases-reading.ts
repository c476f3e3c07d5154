// Phases of a release for people: the timeline of the core, with both clocks.

import type { ReleaseId, ServiceName } from "../core/ids.ts";
import { unknown } from "../core/plan-for.ts";
import type { Definitions, ServiceDefinition } from "../core/playbook.ts";
import { Refusal } from "../core/refusal.ts";
import { daysText } from "../core/rollout/phase-class.ts";
import type { Rollout } from "../core/rollout/rollout.ts";
import { timelineOf, verifiedAmong } from "../core/rollout/timeline.ts";
import type { PhaseStanding } from "../core/rollout/timeline.ts";
import { definitionsNow } from "./calendar-reading.ts";
import type { PhasesView, PhaseView } from "./contract/phases.ts";
import { momentIn } from "./local-moments.ts";
import type { ApiParts } from "./parts.ts";

/** Runs of one service that are not over; there are never so many. */
const MOST_RUNS = 200;

type Parts = Pick<ApiParts, "definitions" | "lanes" | "history" | "releases" | "world">;

/** `release` null: the newest. Throws `unknown-service`, `unknown-rollout`, `unknown-release`. */
export const phasesOf = async (
  parts: Parts,
  service: ServiceName,
  release: ReleaseId | null,
): Promise<PhasesView> => {
  const definitions = await definitionsNow(parts);
  const defined = definitions.services.find(({ name }) => name === service);
  if (defined === undefined) {
    const known = definitions.services.map(({ name }) => name);
    throw unknown("service", service, known);
  }
  if (release !== null) await requireRelease(parts, service, release);
  const view = await readPhases(parts, definitions, defined, release);
  if (view !== null) return view;
  throw new Refusal({
    code: "unknown-rollout",
    message: `${service} follows no rollout`,
    hint: "write one (kind: Rollout), and its name in the service: rollout: NAME",
  });
};

/** Of every service that follows a rollout, for its newest release. */
export const phasesOfAll = async (
  parts: Parts,
  only: { readonly service?: string | undefined },
): Promise<readonly PhasesView[]> => {
  const definitions = await definitionsNow(parts);
  const wanted = definitions.services.filter(
    ({ name, rollout }) => rollout !== undefined && (only.service ?? name) === name,
  );
  const read = wanted.map((service) => readPhases(parts, definitions, service, null));
  return (await Promise.all(read)).filter((view) => view !== null);
};

const requireRelease = async (
  parts: Parts,
  service: ServiceName,
  release: ReleaseId,
): Promise<void> => {
  const found = await parts.releases.get(release);
  if (found !== null && found.service === service) return;
  const known = await parts.releases.list(service, MOST_RUNS);
  throw unknown(
    "release",
    release,
    known.map(({ id }) => id),
  );
};

/** Null: the service follows no rollout. */
export const readPhases = async (
  parts: Parts,
  { environments }: Pick<Definitions, "environments">,
  { name, rollout }: ServiceDefinition,
  wanted: ReleaseId | null,
): Promise<PhasesView | null> => {
  if (rollout === undefined) return null;
  const release = wanted ?? (await parts.releases.list(name, 1))[0]?.id ?? null;
  const filter = { service: name, environment: null, state: "active", limit: MOST_RUNS } as const;
  const [lanes, active] = await Promise.all([parts.lanes.all(), parts.history.list(filter)]);
  const phases = timelineOf({
    rollout,
    environments,
    verified: release === null ? [] : verifiedAmong(lanes, name, release),
    runs: active.filter((run) => run.plan.release.id === release && run.settled === null),
    now: parts.world.now(),
  });
  const view = { service: name, release, rollout: rollout.name, zone: rollout.zone };
  return { ...view, phases: phases.map((one) => phaseView(rollout, one)) };
};

const phaseView = ({ zone }: Rollout, standing: PhaseStanding): PhaseView => {
  const { phase, state, verifiedAt, run, period, certain } = standing;
  const { calendar, days, approval, ...told } = phase;
  return {
    ...told,
    days: daysText(days),
    state,
    verifiedAt: momentIn(zone, verifiedAt),
    run,
    opens: momentIn(zone, period?.opens ?? null),
    closes: momentIn(zone, period?.closes ?? null),
    certain,
    window: calendar?.name ?? null,
    approval: approval === null ? null : { needed: approval.count, from: approval.from },
  };
};
