// A train of services that need nothing but each other, for tests.

import { releaseId } from "../ids.ts";
import type { Actor, Digest, EnvironmentName, ServiceName } from "../ids.ts";
import type { Release } from "../plan.ts";
import type { TrainDefinition } from "../playbook.ts";

const NAME = "shop" as ServiceName;

/** `after` by service. */
export const trainDefinition = (
  members: Readonly<Record<string, readonly string[]>>,
  more: Partial<TrainDefinition> = {},
): TrainDefinition => ({
  name: NAME,
  environments: ["production" as EnvironmentName],
  members: Object.entries(members).map(([service, after]) => ({
    service: service as ServiceName,
    after: after as readonly ServiceName[],
  })),
  withinMs: 86_400_000,
  before: [],
  after: [],
  onFreeze: "hold",
  rollback: { withinMs: 600_000, tier: "immediate" },
  notify: [],
  ...more,
});

/** Version 2 of the train and of each of the services. */
export const trainRelease = (services: readonly string[]): Release => ({
  id: releaseId(NAME, "2"),
  artifact: "sha256:2" as Digest,
  author: "alice" as Actor,
  members: services.map((service) => releaseId(service as ServiceName, "2")),
});
