// Promotions: by the definitions that are in force when they come, whatever the plan said. And
// emergencies: who may, for how long, and that somebody looks at it afterwards.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import type { EffectKey } from "../../core/effect.ts";
import type { Actor, EnvironmentName } from "../../core/ids.ts";
import { later } from "../../core/ids.ts";
import type { Definitions, Takes } from "../../core/playbook.ts";
import { deploy, promoteOnSuccess } from "./begin.ts";
import { NOW, deskOf, refusedWith } from "./desk.testing.ts";

const { service, environment, route } = planOf("1.1", null, playbook([CANARY]));
const LIVE = "live" as EnvironmentName;
const KEY = { service, environment, run: "r-1", generation: 3, ordinal: 0 } as EffectKey;

const definitions = (how: Takes["how"], more: Partial<Takes> = {}): Definitions => ({
  services: [
    {
      name: service,
      environments: [
        { environment: LIVE, playbook: "test", instances: 1, runtime: RUNTIME, route },
      ],
    },
  ],
  environments: [
    {
      name: LIVE,
      tier: "production",
      takes: {
        from: { kind: "environment", name: environment },
        how,
        approval: null,
        calendar: null,
        emergency: null,
        ...more,
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
});

const VERIFIED = {
  lanes: {
    waiting: async () => [],
    get: async (lane: { readonly environment: string }) =>
      lane.environment === LIVE ? null : { knownGood: [{ release: release("1.1").id, at: 1 }] },
  },
};

const deskWith = (how: Takes["how"], more: Partial<Takes> = {}) =>
  deskOf(definitions(how, more), VERIFIED);

const PHASED = { lanes: { ...VERIFIED.lanes, all: async () => [] } };

/** Its second day is deployed by these. */
const inPhases = (plain: Definitions, people: readonly string[]): Definitions => {
  const phase = (name: EnvironmentName, day: number, by: readonly string[]) =>
    ({
      environment: name,
      days: { first: day, last: day },
      late: "go",
      calendar: null,
      approval: null,
      deploy: by,
      inform: [],
      type: "application",
      risk: "low",
      downtime: "none",
      rollback: "simple",
    }) as const;
  const phases = [phase(environment, 1, []), phase(LIVE, 2, people)];
  const rollout = { name: "days", zone: "UTC", phases };
  return { ...plain, services: plain.services.map((one) => ({ ...one, rollout })) };
};

test("an environment that takes releases by itself gets what succeeded before it", async () => {
  const { desk, created } = deskWith("automatic");
  const outcome = await promoteOnSuccess(desk, KEY, LIVE, release("1.1"));
  assert.equal(outcome.kind, "applied");
  assert.equal(created[0]?.origin.emergency, null);
});

test("an environment that was made manual since the plan was made is left alone", async () => {
  const outcome = await promoteOnSuccess(deskWith("manual").desk, KEY, LIVE, release("1.1"));
  assert.equal(outcome.kind === "refused" && outcome.code, "not-automatic");
});

const EMERGENCY = { emergency: { from: ["bob"], withinMs: 3_600_000 } };
const request = {
  service,
  environment: LIVE,
  release: release("1.1").id,
  by: "bob" as Actor,
  reason: "customers cannot pay",
  emergency: true,
  supersede: false,
};

test("who may begins an emergency for its time, and a review is asked for before it", async () => {
  const { desk, said, ids, created } = deskWith("manual", EMERGENCY);
  const run = await deploy(desk, request);
  assert.deepEqual(run.origin, {
    kind: "manual",
    by: "bob",
    reason: "customers cannot pay",
    emergency: { until: later(NOW, 3_600_000) },
  });
  assert.deepEqual(ids, [`review-${run.id}`]);
  const [review] = said;
  assert.deepEqual(review?.body, { kind: "review", run: run.id, reason: request.reason });
  assert.deepEqual(
    [review?.service, review?.environment, review?.release, review?.until],
    [service, LIVE, null, null],
  );
  assert.equal(created.length, 1);
});

test("an ordinary run of the same person is no emergency", async () => {
  const { desk, said } = deskWith("manual", EMERGENCY);
  const run = await deploy(desk, { ...request, emergency: false });
  assert.deepEqual([run.origin.emergency, said], [null, []]);
});

test("nobody else may, nor anybody where the environment names nobody", async () => {
  const carol = { ...request, by: "carol" as Actor };
  for (const more of [EMERGENCY, {}]) {
    const { desk, said, created } = deskWith("manual", more);
    await assert.rejects(deploy(desk, carol), (error: Error) => {
      assert.ok(refusedWith("denied-emergency")(error));
      assert.match(error.message, more === EMERGENCY ? /these may: bob/ : /nobody may/);
      return true;
    });
    assert.deepEqual([said, created], [[], []]);
  }
});

test("an emergency without a reason is refused", async () => {
  for (const reason of [null, "  "]) {
    const { desk, said } = deskWith("manual", EMERGENCY);
    await assert.rejects(deploy(desk, { ...request, reason }), refusedWith("no-reason"));
    assert.deepEqual(said, []);
  }
});

test("an emergency goes nowhere where its release has not succeeded before", async () => {
  const { desk, said } = deskWith("manual", EMERGENCY);
  const other = { ...request, release: release("1.2").id };
  await assert.rejects(deploy(desk, other), refusedWith("not-verified"));
  assert.deepEqual(said, []);
});

test("who may not deploy that phase begins no run, and is told who may", async () => {
  const { desk, created } = deskOf(inPhases(definitions("manual"), ["dora", "erin"]), PHASED);
  const ordinary = { ...request, emergency: false };
  await assert.rejects(deploy(desk, ordinary), (error: Error) => {
    assert.ok(refusedWith("denied-deployer")(error));
    assert.match(error.message, /bob is not among those who deploy day 2 of days/);
    assert.match(error.message, /these may: dora, erin/);
    return true;
  });
  assert.deepEqual(created, []);
  const run = await deploy(desk, { ...ordinary, by: "dora" as Actor });
  assert.equal(run.origin.by, "dora");
});

test("where the phase names nobody, anybody begins it", async () => {
  const { desk, created } = deskOf(inPhases(definitions("manual"), []), PHASED);
  await deploy(desk, { ...request, emergency: false });
  assert.equal(created.length, 1);
});
