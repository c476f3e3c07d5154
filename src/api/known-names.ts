// Names there are, to tell a name that is not there from an empty answer, with the one that may
// have been meant.

import type { EnvironmentName, ServiceName } from "../core/ids.ts";
import { unknown } from "../core/plan-for.ts";
import type { ApiParts } from "./parts.ts";

export interface Places {
  readonly services: readonly string[];
  readonly environments: readonly string[];
  /** Service and environment that belong together, in the order they were defined. */
  readonly pairs: readonly {
    readonly service: ServiceName;
    readonly environment: EnvironmentName;
  }[];
}

/** Defined ones first, then those whose lane is left from earlier definitions. */
export const placesOf = async (parts: Pick<ApiParts, "definitions" | "lanes">): Promise<Places> => {
  const [definitions, lanes] = await Promise.all([parts.definitions.current(), parts.lanes.all()]);
  const services = (definitions?.services ?? []).flatMap((service) =>
    service.environments.map(({ environment }) => ({ service: service.name, environment })),
  );
  const trains = (definitions?.trains ?? []).flatMap((train) =>
    train.environments.map((environment) => ({ service: train.name, environment })),
  );
  const defined = [...services, ...trains];
  const pairs = new Map(
    [...defined, ...lanes].map((place) => [`${place.service}.${place.environment}`, place]),
  );
  const values = [...pairs.values()].map(({ service, environment }) => ({ service, environment }));
  const environments = (definitions?.environments ?? []).map(({ name }) => name);
  return {
    pairs: values,
    services: [
      ...new Set([
        ...(definitions?.services ?? []).map(({ name }) => name),
        ...values.map(({ service }) => service),
      ]),
    ],
    environments: [...new Set([...environments, ...values.map(({ environment }) => environment)])],
  };
};

/** Throws `unknown-service` or `unknown-environment` where nothing has that name. */
export const requireKnown = (
  places: Places,
  named: { readonly service?: string | undefined; readonly environment?: string | undefined },
): void => {
  if (named.service !== undefined && !places.services.includes(named.service)) {
    throw unknown("service", named.service, places.services);
  }
  if (named.environment !== undefined && !places.environments.includes(named.environment)) {
    throw unknown("environment", named.environment, places.environments);
  }
};
