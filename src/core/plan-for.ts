// From the definitions in force to the plan for one service, environment and release. Refuses what
// the definitions do not have; whether the release may go there is admission's business.

import { didYouMean } from "./closest.ts";
import { compile } from "./compile.ts";
import type { CompileInput } from "./compile.ts";
import { laneName } from "./lane.ts";
import type { LaneKey } from "./lane.ts";
import type { Plan, Release } from "./plan.ts";
import type {
  Definitions,
  EnvironmentDefinition,
  ServiceDefinition,
  ServiceInEnvironment,
  TrainDefinition,
} from "./playbook.ts";
import { Refusal } from "./refusal.ts";
import type { Verified } from "./rollout/phase-period.ts";
import { phaseRules } from "./rollout/phase-rules.ts";
import { trainPlan } from "./train/train-plan.ts";

/** `verified`: where the release is known good, which days of a rollout are counted from.
 * Throws a Refusal: `unknown-service`, `unknown-environment`, `unknown-lane`. */
export const planFor = (
  definitions: Definitions,
  lane: LaneKey,
  release: Release,
  from: CompileInput["from"],
  verified: readonly Verified[] = [],
): Plan => {
  const train = trainOf(definitions, lane.service);
  if (train !== null) {
    const { takes } = environmentOf(definitions, lane);
    return trainPlan({ ...lane, train, takes, release, from: from?.release ?? null });
  }
  const { service, place, environment } = placeOf(definitions, lane);
  const playbook = definitions.playbooks.find((one) => one.name === place.playbook);
  if (playbook === undefined) throw new Error(`definitions without playbook ${place.playbook}`);
  return compile({
    service: lane.service,
    environment: lane.environment,
    playbook,
    place,
    takes: environment.takes,
    release,
    from,
    phase: phaseRules(service, environment, verified),
    promotesTo: followers(definitions, lane)
      .filter((follower) => follower.takes.how === "automatic")
      .map((follower) => follower.name),
  });
};

/** Null: no train is called so. */
export const trainOf = (
  { trains = [] }: Definitions,
  name: LaneKey["service"],
): TrainDefinition | null => trains.find((one) => one.name === name) ?? null;

/** How the environment takes releases of a service or a train. Throws a Refusal as placeOf does. */
export const environmentOf = (definitions: Definitions, lane: LaneKey): EnvironmentDefinition => {
  const train = trainOf(definitions, lane.service);
  if (train === null) return placeOf(definitions, lane).environment;
  const environment = definitions.environments.find((one) => one.name === lane.environment);
  if (environment !== undefined && train.environments.includes(lane.environment)) {
    return environment;
  }
  throw new Refusal({
    code: "unknown-lane",
    message: `${lane.service} does not stop in ${lane.environment}`,
    where: laneName(lane),
    hint: `it stops in ${train.environments.join(", ")}`,
  });
};

interface Place {
  readonly service: ServiceDefinition;
  readonly place: ServiceInEnvironment;
  readonly environment: EnvironmentDefinition;
}

/** Where the service lives in the environment, and how that takes releases. */
export const placeOf = (definitions: Definitions, lane: LaneKey): Place => {
  const service = definitions.services.find((one) => one.name === lane.service);
  if (service === undefined) {
    throw unknown(
      "service",
      lane.service,
      definitions.services.map((one) => one.name),
    );
  }
  const environment = definitions.environments.find((one) => one.name === lane.environment);
  if (environment === undefined) {
    throw unknown(
      "environment",
      lane.environment,
      definitions.environments.map((e) => e.name),
    );
  }
  const place = service.environments.find((one) => one.environment === lane.environment);
  if (place === undefined) {
    throw new Refusal({
      code: "unknown-lane",
      message: `${lane.service} does not live in ${lane.environment}`,
      where: laneName(lane),
      hint: `it lives in ${service.environments.map((one) => one.environment).join(", ")}`,
    });
  }
  return { service, place, environment };
};

/** Environments of the same service that take what succeeded in this one. */
const followers = (definitions: Definitions, lane: LaneKey): readonly EnvironmentDefinition[] => {
  const service = definitions.services.find((one) => one.name === lane.service);
  const lives = new Set(service?.environments.map((one) => one.environment));
  return definitions.environments.filter(
    ({ name, takes }) =>
      lives.has(name) && takes.from.kind === "environment" && takes.from.name === lane.environment,
  );
};

/** Environments where a new release of the service begins by itself. */
export const entries = (
  definitions: Definitions,
  service: LaneKey["service"],
): readonly EnvironmentDefinition[] => {
  const lives = new Set(
    definitions.services
      .find((one) => one.name === service)
      ?.environments.map((one) => one.environment),
  );
  return definitions.environments.filter(
    ({ name, takes }) =>
      lives.has(name) && takes.from.kind === "release" && takes.how === "automatic",
  );
};

export const unknown = (what: string, name: string, known: readonly string[]): Refusal =>
  new Refusal({
    code: `unknown-${what}`,
    message: `there is no ${what} ${name}`,
    hint: known.length === 0 ? `no ${what} is known yet` : didYouMean(name, known),
  });
