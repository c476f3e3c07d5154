// What a seed sets up: how many replicas, which releases of which kind arrive when under which
// playbook, and how much traffic there is to judge them by.

import { releaseId, type Digest, type DurationMs, type EnvironmentName } from "../core/ids.ts";
import type { Release } from "../core/plan.ts";
import type { Definitions, EnvironmentDefinition, ServiceInEnvironment } from "../core/playbook.ts";
import type { Runtime } from "../core/runtime.ts";
import { approvalRule, calendar } from "./gates.ts";
import { randomPlaybook, simplePlaybook } from "./playbooks.ts";
import type { Chance } from "./prng.ts";
import { rolloutOver } from "./short-days.ts";
import { AUTHOR, CAREFUL, PRODUCTION, SERVICE, STAGING } from "./roster.ts";
import type { Quality } from "./world/quality.ts";

export type Kind = "good" | "errors" | "slow" | "between" | "neverReady" | "crashLoop";

export interface Arrival {
  readonly release: Release;
  readonly kind: Kind;
  readonly quality: Quality;
  readonly afterMs: DurationMs;
  /** What begins when it arrives. Absent: whatever takes every release of its service. */
  readonly begins?: "train" | "nothing";
  /** In force from its arrival on. */
  readonly definitions: Definitions;
}

export interface Scenario {
  readonly replicas: number;
  readonly requestsPerSecond: number;
  readonly arrivals: readonly Arrival[];
  /** From the beginning until the world heals. */
  readonly chaosMs: DurationMs;
  /** True: nothing goes wrong before the first release is up. */
  readonly calmStart: boolean;
  /** By when a gate must be passed, where it is soon enough to be seen; null: in a week. */
  readonly gateWithinMs: DurationMs | null;
  /** Every audit record is sealed and verified. It decides nothing, so a part of the seeds is
   * enough to see each kind of record, and the others are over sooner. */
  readonly audited: boolean;
}

export const scenario = (chance: Chance): Scenario => {
  const two = chance.hit(0.15);
  const count = chance.pick([1, 2, 2, 3, 3, 4, 5]);
  const shared = definitionsOf(two, chance);
  const own = chance.hit(0.5);
  const quick = chance.hit(0.75);
  let afterMs = 0;
  const arrivals = Array.from({ length: count }, (_, index): Arrival => {
    const first = index === 0;
    const kind = first && (quick || chance.hit(0.5)) ? "good" : randomKind(chance);
    const release: Release = {
      id: releaseId(SERVICE, `1.${index}`),
      artifact: `sha256:${index}` as Digest,
      author: AUTHOR,
    };
    if (index === 1 && quick) afterMs += STARTED_MS;
    if (!first) afterMs += chance.int(1, chance.pick([5, 60, 180])) * 1000;
    return {
      release,
      kind,
      quality: qualityOf(kind, chance),
      afterMs,
      definitions: first && quick ? simple(shared) : own ? definitionsOf(two, chance) : shared,
    };
  });
  return {
    replicas: chance.int(1, 3),
    requestsPerSecond: chance.pick([0.5, 5, 20, 50, 50]),
    arrivals,
    chaosMs: afterMs + chance.int(30, chance.pick([120, 400])) * 1000,
    calmStart: chance.hit(0.5),
    gateWithinMs: chance.hit(0.1) ? chance.int(20, 120) * 1000 : null,
    audited: chance.hit(0.25),
  };
};

/** One service, in production alone or in staging before it. */
const definitionsOf = (two: boolean, chance: Chance): Definitions => {
  const names = two ? [STAGING, PRODUCTION] : [PRODUCTION];
  const hours = calendar(chance);
  const environments = names.map((name, index): EnvironmentDefinition => {
    const before = names[index - 1];
    return {
      name,
      tier: name === STAGING ? "staging" : "production",
      takes: {
        from: before === undefined ? { kind: "release" } : { kind: "environment", name: before },
        how: "automatic",
        approval: chance.hit(0.15) ? approvalRule(chance) : null,
        calendar: chance.hit(0.25) ? hours : null,
        emergency: { from: CAREFUL, withinMs: chance.int(20, 300) * 1000 },
      },
    };
  });
  const playbooks = names.map((name) => randomPlaybook(name, hours, chance));
  const places = names.map((name) => placeOf(name, chance));
  const rollouts = two && chance.hit(0.4) ? [rolloutOver(names, chance)] : [];
  const services = [{ name: SERVICE, environments: places, rollout: rollouts[0] }];
  const lists = { calendars: [hours], checklists: [], groups: [], rollouts };
  const none = { databases: [], blobStores: [] };
  return { services, environments, playbooks, ...lists, ...none };
};

/** By when a simple first installation is done. */
const STARTED_MS = 20_000;

/** The same places without a word of a playbook: the first release is simply put there, so that
 * what comes after it has something to go back to. */
const simple = (definitions: Definitions): Definitions => ({
  ...definitions,
  services: definitions.services.map((service) => ({ ...service, rollout: undefined })),
  environments: definitions.environments.map((environment) => ({
    ...environment,
    takes: { ...environment.takes, approval: null, calendar: null },
  })),
  playbooks: definitions.playbooks.map(simplePlaybook),
});

export const randomKind = (chance: Chance): Kind =>
  chance.pick([
    "good",
    "good",
    "good",
    "good",
    "good",
    "errors",
    "slow",
    "between",
    "neverReady",
    "crashLoop",
  ]);

export const qualityOf = (kind: Kind, chance: Chance): Quality => {
  const good: Quality = {
    readyAfterMs: chance.int(200, 4000),
    crashAfterMs: null,
    errorPercent: chance.pick([0, 0.1, 0.3]),
    p95Ms: chance.int(40, 120),
    cpuPercent: chance.int(5, 60),
  };
  switch (kind) {
    case "good":
      return good;
    case "errors":
      return { ...good, errorPercent: chance.int(10, 100) };
    case "slow":
      return { ...good, p95Ms: chance.int(700, 5000) };
    case "between":
      return chance.hit(0.5) ? { ...good, errorPercent: 2.5 } : { ...good, p95Ms: 320 };
    case "neverReady":
      return { ...good, readyAfterMs: null };
    case "crashLoop":
      return { ...good, readyAfterMs: 500, crashAfterMs: chance.int(1000, 2500) };
  }
};

export const placeOf = (environment: EnvironmentName, chance: Chance): ServiceInEnvironment => ({
  environment,
  playbook: environment,
  instances: chance.int(1, 5),
  runtime: runtimeOf(chance),
  route: {
    listen: "127.0.0.1:8080",
    sticky: null,
    timeouts: { connectMs: 1000, responseMs: 10_000, idleMs: 10_000 },
  },
});

export const runtimeOf = (chance: Chance): Runtime => ({
  command: ["./serve"],
  env: {},
  readiness: {
    path: "/ready",
    initialDelayMs: 0,
    intervalMs: 500,
    timeoutMs: 500,
    failureThreshold: 2,
    successThreshold: 1,
  },
  liveness: null,
  stop: { drainMs: chance.pick([0, 500, 3000]), killAfterMs: 2000 },
  restart: { initialBackoffMs: 500, maxBackoffMs: 8000 },
  resources: { cpuCores: 1, memoryBytes: 100_000_000 },
  logs: { maxFileBytes: 1_000_000, keepFiles: 2 },
});
