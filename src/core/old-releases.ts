// Which releases' artifacts may go. What runs, what a rollback goes to and what a run under way
// needs never does, whatever the policy says; a release itself stays, with its evidence.

import type { ReleaseId, ServiceName } from "./ids.ts";
import type { Lane } from "./lane.ts";
import type { Plan, Release } from "./plan.ts";

/** Of what is known good in a lane: the stable one, what a rollback goes to, and one before it. */
const LEAST_GOOD = 3;
/** Of a train's newest releases, which may not have begun anywhere: what they bring stays. */
const LEAST_TRAINS = 3;

export type ReleaseOf = Release & { readonly service: ServiceName };

export interface ReleasesThere<T extends ReleaseOf = ReleaseOf> {
  /** Of all services and trains, newest first. */
  readonly releases: readonly T[];
  readonly lanes: readonly Pick<Lane, "service" | "stable" | "knownGood">[];
  /** Of runs that have not ended. */
  readonly plans: readonly Pick<Plan, "release" | "from">[];
  /** How many of the newest a service keeps; null: all. */
  readonly keep: (service: ServiceName) => number | null;
}

/** Oldest first. A release whose artifact another one keeps is not among them. */
export const withoutUse = <T extends ReleaseOf>(there: ReleasesThere<T>): readonly T[] => {
  const { releases, keep } = there;
  const places = placesOf(releases);
  const needed = neededBy(there, places);
  const isKept = ({ id, service, members }: T): boolean =>
    members !== undefined ||
    needed.has(id) ||
    (places.get(id) ?? 0) < (keep(service) ?? releases.length);
  const artifacts = new Set(releases.filter(isKept).map(({ artifact }) => artifact));
  return releases.filter(({ artifact }) => !artifacts.has(artifact)).toReversed();
};

/** How many newer ones its service has. */
type Places = ReadonlyMap<ReleaseId, number>;

const placesOf = (releases: readonly ReleaseOf[]): Places => {
  const counts = new Map<ServiceName, number>();
  return new Map(
    releases.map(({ id, service }) => {
      const place = counts.get(service) ?? 0;
      counts.set(service, place + 1);
      return [id, place];
    }),
  );
};

/** With what trains among them bring. */
const neededBy = (
  { releases, lanes, plans, keep }: ReleasesThere,
  places: Places,
): ReadonlySet<ReleaseId> => {
  const inLanes = lanes.flatMap(({ service, stable, knownGood }) => {
    const good = knownGood.slice(0, Math.max(LEAST_GOOD, keep(service) ?? 0));
    return [...(stable === null ? [] : [stable]), ...good].map(({ release }) => release);
  });
  const underWay = plans.flatMap(({ release, from }) => [release.id, ...(from ? [from.id] : [])]);
  const direct = new Set([...inLanes, ...underWay]);
  const brought = releases.flatMap(({ id, members = [] }) =>
    direct.has(id) || (places.get(id) ?? 0) < LEAST_TRAINS ? members : [],
  );
  return new Set([...direct, ...brought]);
};
