// A control plane in memory for the API's tests: one service in production, one run in its canary,
// stores that answer from arrays. Nothing here decides anything.

import { Registry } from "prom-client";
import type { Actor, ReleaseId, RunId } from "../core/ids.ts";
import { instant } from "../core/ids.ts";
import type { Lane } from "../core/lane.ts";
import type { Reason } from "../core/reason.ts";
import type { Run } from "../core/run.ts";
import type { FirstSeen } from "../core/evidence/evidence.ts";
import type { Fact } from "../core/fact.ts";
import type { Standing } from "../core/standing.ts";
import type { StoredEvent } from "../ports/catalog.ts";
import { DEFINITION_KINDS, type DefinitionNames } from "./contract/definitions.ts";
import type { ApiParts } from "./parts.ts";
import {
  NOW,
  PRODUCTION,
  SERVICE,
  release,
  sampleDefinitions,
  samplePlan,
} from "./sample-plan.testing.ts";
import { sampleBackups } from "./sample-backups.testing.ts";
import { standingOperations } from "./sample-standing.testing.ts";

/** Ids as the compiler gave them. */
export const stepId = (index: number): string => samplePlan.steps[index]?.id ?? "none";

const measured = (code: string, numbers: NonNullable<Reason["numbers"]>): Reason => ({
  code,
  text: `${numbers["metric"]} is ${numbers["value"]}`,
  numbers,
});

/** In the first bake of its canary; `step` counts from the gate, 0. */
export const sampleRun = (changes: Partial<Run> = {}): Run => ({
  id: "r1a2b3c4" as RunId,
  service: SERVICE,
  environment: PRODUCTION,
  seq: 2,
  plan: samplePlan,
  origin: { kind: "manual", by: "dave" as Actor, reason: "the friday release", emergency: null },
  createdAt: instant(NOW - 90_000),
  revision: 7,
  generation: 7,
  ordered: { target: 7, router: 7 },
  slots: { stable: "blue", candidate: "green" },
  state: {
    kind: "forward",
    step: 3,
    since: instant(NOW - 12_000),
    attempts: 0,
    notBefore: null,
    failingSince: null,
    order: null,
    stalled: null,
  },
  hold: null,
  frozen: null,
  touchedAt: instant(NOW - 20_000),
  weight: 50,
  baseline: {},
  settled: null,
  noReturn: null,
  breach: null,
  factsSeen: 0,
  because: [
    measured("trigger-clear", { metric: "errorRate", value: 0.31, bound: 5, since: null, at: NOW }),
    { code: "baking", text: "watches until its time is over" },
    measured("gate-passed", { metric: "errorRate", value: 0.31, bound: 1 }),
  ],
  ...changes,
});

export const sampleEvents: readonly StoredEvent[] = [
  event(1, -80_000, "run.began", null, "hello@1.1.0 begins in production"),
  event(2, -40_000, "step.done", stepId(0), "approved by alice, bob"),
  event(3, -14_000, "step.done", stepId(1), "1 of 1 instances ready"),
  event(4, -12_000, "step.done", stepId(2), "the router has 5 %, read back"),
];

function event(
  seq: number,
  ago: number,
  type: string,
  step: string | null,
  text: string,
): StoredEvent {
  return { seq, at: instant(NOW + ago), type, step, reasons: [{ code: type, text }] };
}

const lane: Lane = {
  service: SERVICE,
  environment: PRODUCTION,
  revision: 3,
  generation: 7,
  activeRun: "r1a2b3c4" as RunId,
  stable: { slot: "blue", release: "hello@1.0.0" as ReleaseId, instances: 4 },
  knownGood: [{ release: "hello@1.0.0" as ReleaseId, at: instant(NOW - 86_400_000) }],
  auditSeq: 2,
  auditHash: "0".repeat(64),
};

const NO_NAMES = Object.fromEntries(
  DEFINITION_KINDS.map((kind) => [kind, [] as readonly string[]]),
) as DefinitionNames;
const SUMMARY = { ...NO_NAMES, services: ["hello"], warnings: [] };

export interface SampleWorld {
  readonly parts: ApiParts;
  readonly facts: Fact[];
  /** Oldest first. */
  readonly standing: Standing[];
  /** Of whatever release. */
  readonly firstSeen: FirstSeen[];
  readonly events: StoredEvent[];
  /** Those that are stored. */
  readonly releases: string[];
  readonly logged: object[];
  /** What operations were asked for. */
  readonly asked: { readonly what: string; readonly with: unknown }[];
  setRun(run: Run): void;
  /** Every read of runs throws this, until null. */
  failWith(error: Error | null): void;
}

export const sampleWorld = (first: Run = sampleRun()): SampleWorld => {
  let run = first;
  let failure: Error | null = null;
  const facts: Fact[] = [];
  const standing: Standing[] = [];
  const firstSeen: FirstSeen[] = [];
  const events: StoredEvent[] = [...sampleEvents];
  const releases: string[] = ["hello@1.0.0"];
  const logged: object[] = [];
  const asked: { what: string; with: unknown }[] = [];
  const ask =
    <T>(what: string, answer: T) =>
    (request: unknown): Promise<T> => {
      asked.push({ what, with: request });
      return Promise.resolve(answer);
    };
  const parts: ApiParts = {
    runs: {
      load: async (id) => {
        if (failure !== null) throw failure;
        return id === run.id
          ? { run, lane, effects: [], facts, waiting: [], standing, verifiedIn: [], firstSeen }
          : null;
      },
      say: async (id, by, at, body) => {
        const fact: Fact = { ...body, seq: facts.length + 1, run: id, by, at };
        facts.push(fact);
        return fact;
      },
    },
    lanes: {
      get: async ({ service }) => (service === SERVICE ? lane : null),
      all: async () => [lane],
    },
    audit: {
      chains: async () => ["control", "hello.production"],
      read: async () => [],
      head: async () => 0,
    },
    history: {
      list: async ({ service }) => (service === null || service === SERVICE ? [run] : []),
      events: async (_, after) => events.filter(({ seq }) => seq > after),
      nextWake: async () => instant(NOW + 1_000),
      idsLike: async (beginning) => (run.id.startsWith(beginning) ? [run.id] : []),
    },
    sightings: { firstSeen: async () => firstSeen },
    releases: {
      get: async (id) =>
        releases.includes(id)
          ? {
              ...release(id.slice("hello@".length), "dave"),
              service: SERVICE,
              version: id.slice("hello@".length),
              bytes: 1_000,
              files: 3,
              createdAt: instant(NOW - 172_800_000),
            }
          : null,
      list: async () => [],
    },
    artifacts: { list: async () => [release("1.0.0", "dave").artifact] },
    definitions: { current: async () => sampleDefinitions },
    operations: {
      validate: ask("validate", SUMMARY),
      apply: ask("apply", {
        ...SUMMARY,
        version: 1,
        changed: true,
        added: ["service/hello"],
        updated: [],
        retired: [],
      }),
      createRelease: ask("createRelease", "hello@1.0.0" as ReleaseId),
      createTrain: ask("createTrain", "hello@1.0.0" as ReleaseId),
      planFor: ask("planFor", { plan: samplePlan, against: null }),
      deploy: async (request) => ask("deploy", run)(request),
      promote: async (request) => ask("promote", run)(request),
      rollback: async (request) => ask("rollback", run)(request),
      ...standingOperations(standing, asked),
      backups: sampleBackups(asked),
      logs: ask("logs", []),
      missingSecrets: async () => [],
      explainConfiguration: async (lane) => ({ ...lane, configuration: null, keys: [] }),
      setSecret: async (request) => ask("setSecret", { ...request, at: NOW })(request),
      removeSecret: ask("removeSecret", undefined),
      rotateSecretsKey: ask("rotateSecretsKey", { secrets: 2 }),
      listSecrets: async () => [],
      verifyAudit: ask("verifyAudit", {
        verified: true,
        chains: 2,
        records: 9,
        bad: null,
      }) as never,
      observeLane: async () => ({
        target: {
          kind: "seen",
          at: NOW,
          value: {
            generation: 7,
            slots: {
              blue: {
                wanted: [{ release: "hello@1.0.0" as ReleaseId, instances: 4 }],
                instances: [],
              },
              green: { wanted: [], instances: [] },
            },
          },
        },
        router: {
          kind: "seen",
          at: NOW,
          value: {
            generation: 7,
            weights: { blue: 950, green: 50 },
            endpoints: { blue: 4, green: 1 },
          },
        },
      }),
    },
    world: sampleClock(),
    log: {
      info: (fields) => void logged.push(fields),
      error: (fields) => void logged.push(fields),
    },
    health: async () => ({ live: true, ready: failure === null, checks: [] }),
    metrics: new Registry(),
  };
  return {
    parts,
    facts,
    standing,
    firstSeen,
    events,
    releases,
    logged,
    asked,
    setRun: (next) => void (run = next),
    failWith: (error) => void (failure = error),
  };
};

const sampleClock = (): ApiParts["world"] => {
  let ids = 0;
  return {
    now: () => NOW,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, 5);
        signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
      }),
    newId: () => `id${(ids += 1)}`,
  };
};
