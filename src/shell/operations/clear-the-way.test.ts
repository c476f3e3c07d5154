// Emergencies that find their lane taken: by themselves, by what has begun, by what stays there.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  CANARY,
  RUNTIME,
  Rehearsal,
  planOf,
  playbook,
  release,
} from "../../core/decide.testing.ts";
import type { FactBody } from "../../core/fact.ts";
import type { Actor, EnvironmentName, RunId } from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import type { Definitions } from "../../core/playbook.ts";
import type { Origin, Run } from "../../core/run.ts";
import type { Waiting } from "../../core/make-way.ts";
import { deploy, promote } from "./begin.ts";
import { NOW, deskOf, refusedWith } from "./desk.testing.ts";

const { service, environment, route } = planOf("1.1", null, playbook([CANARY]));
const DEFINITIONS: Definitions = {
  services: [
    {
      name: service,
      environments: [{ environment, playbook: "test", instances: 1, runtime: RUNTIME, route }],
    },
  ],
  environments: [
    {
      name: environment,
      tier: "production",
      takes: {
        from: { kind: "release" },
        how: "manual",
        approval: null,
        calendar: null,
        emergency: { from: ["bob"], withinMs: 3_600_000 },
      },
    },
  ],
  playbooks: [playbook([CANARY])],
  calendars: [],
  checklists: [],
  groups: [],
  rollouts: [],
  databases: [],
  blobStores: [],
};

const ACTIVE = "r-1" as RunId;

/** A run of 1.2 under way at 5 %. */
const begun = (): Run => {
  const it = new Rehearsal(planOf("1.2", null, playbook([CANARY])));
  it.runFor(10_000);
  assert.notEqual(it.run.touchedAt, null);
  return { ...it.run, id: ACTIVE };
};

const EMERGENCY: Origin = {
  kind: "manual",
  by: "bob" as Actor,
  reason: "it burns",
  emergency: { until: later(NOW, 60_000) },
};

const deskWith = (active: Run, waiting: readonly Waiting[] = []) => {
  const words: (readonly [RunId, FactBody])[] = [];
  const created: RunId[] = [];
  const stored = { run: active, waiting, lane: { stable: null } };
  const under = deskOf(DEFINITIONS, {
    lanes: {
      get: async () => ({ stable: null, activeRun: active.id, knownGood: [] }),
      waiting: async () => waiting,
    },
    runs: {
      load: async (id: RunId) =>
        id === active.id ? stored : { ...stored, run: { ...active, id, origin: EMERGENCY } },
      say: async (run: RunId, _by: Actor, _at: number, fact: FactBody) =>
        void words.push([run, fact]),
      create: async (run: { readonly id: RunId; readonly origin: Origin }) => {
        created.push(run.id);
        return { ...active, ...run };
      },
    },
  });
  return { ...under, words, created };
};

const ask = {
  service,
  environment,
  release: release("1.3").id,
  by: "bob" as Actor,
  reason: "customers cannot pay",
  emergency: true,
  supersede: true,
};

test("with --supersede what has begun is told to go back, and why", async () => {
  const { desk, words, created } = deskWith(begun());
  const run = await deploy(desk, ask);
  assert.deepEqual(created, [run.id]);
  const reason = `makes way for the emergency ${run.id}: customers cannot pay`;
  assert.deepEqual(words, [[ACTIVE, { kind: "abort", reason }]]);
});

test("without it nothing is told to anybody: the emergency waits", async () => {
  const { desk, words, created } = deskWith(begun());
  await deploy(desk, { ...ask, supersede: false });
  assert.deepEqual([words.length, created.length], [0, 1]);
});

test("what goes back already, has its outcome, or is a rollback is left to its end", async () => {
  const run = begun();
  const progress = run.state.kind === "forward" ? run.state : assert.fail();
  const others: readonly Run[] = [
    { ...run, settled: { outcome: "succeeded", at: NOW } },
    { ...run, origin: { ...run.origin, kind: "rollback" } },
    {
      ...run,
      state: { ...progress, kind: "back", outcome: "failed", target: null, steps: [] },
    },
  ];
  for (const other of others) {
    const { desk, words, created } = deskWith(other);
    await deploy(desk, ask);
    assert.deepEqual([words.length, created.length], [0, 1]);
  }
});

test("behind a point of no return it is refused before anything is begun", async () => {
  const { desk, words, created, said } = deskWith({ ...begun(), noReturn: "deploy-contract" });
  await assert.rejects(deploy(desk, ask), refusedWith("point-of-no-return"));
  assert.deepEqual([words, created, said], [[], [], []]);
  await deploy(desk, { ...ask, supersede: false });
  assert.equal(created.length, 1);
});

test("asked for twice, under way or waiting, an emergency is there once", async () => {
  const active = { ...begun(), origin: EMERGENCY };
  const under = deskWith(active);
  const same = { ...ask, release: release("1.2").id };
  assert.equal((await deploy(under.desk, same)).id, ACTIVE);
  const queued: Waiting = {
    run: "r-2" as RunId,
    seq: 2,
    release: ask.release,
    urgent: false,
    emergencyUntil: later(NOW, 60_000),
  };
  const waiting = deskWith(begun(), [queued]);
  assert.equal((await deploy(waiting.desk, ask)).id, "r-2");
  // The word that it left out the first time is said now.
  assert.deepEqual(
    waiting.words.map(([run, { kind }]) => [run, kind]),
    [[ACTIVE, "abort"]],
  );
  assert.deepEqual([under.created, waiting.created, under.said, waiting.said], [[], [], [], []]);
  const over = deskWith(begun(), [{ ...queued, emergencyUntil: NOW }]);
  await deploy(over.desk, ask);
  assert.equal(over.created.length, 1);
});

test("only an emergency supersedes", async () => {
  const { desk, created } = deskWith(begun());
  const asking = deploy(desk, { ...ask, emergency: false });
  await assert.rejects(asking, refusedWith("no-emergency"));
  assert.deepEqual(created, []);
});

test("a promotion is an emergency as a deployment is, with its review", async () => {
  const from = { kind: "environment", name: "staging" as EnvironmentName } as const;
  const [live] = DEFINITIONS.environments;
  assert.ok(live !== undefined);
  const definitions = {
    ...DEFINITIONS,
    environments: [{ ...live, takes: { ...live.takes, from } }],
  };
  const { desk, said, created } = deskOf(definitions, {
    lanes: {
      waiting: async () => [],
      get: async (lane: { readonly environment: string }) =>
        lane.environment === environment
          ? null
          : { stable: { release: ask.release }, knownGood: [{ release: ask.release, at: 1 }] },
    },
  });
  const request = { ...ask, supersede: false, release: null };
  const run = await promote(desk, request);
  assert.equal(run.origin.emergency?.until, later(NOW, 3_600_000));
  assert.deepEqual(said[0]?.body, { kind: "review", run: run.id, reason: ask.reason });
  assert.equal(created.length, 1);
  const carol = promote(desk, { ...request, by: "carol" as Actor });
  await assert.rejects(carol, refusedWith("denied-emergency"));
});
