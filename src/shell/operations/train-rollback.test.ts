// When a settled train goes back as one, and when its members have to be taken back one by one.

import assert from "node:assert/strict";
import { test } from "node:test";

import { CANARY, planOf, playbook, release } from "../../core/decide.testing.ts";
import type { EnvironmentName, ReleaseId, RunId, ServiceName } from "../../core/ids.ts";
import type { Lane, LaneKey } from "../../core/lane.ts";
import { newRun } from "../../core/new-run.ts";
import type { Plan, Release } from "../../core/plan.ts";
import type { Run } from "../../core/run.ts";
import type { RollbackTier } from "../../core/step.ts";
import { trainBackPlan } from "../../core/train/train-back.ts";
import { trainPlan } from "../../core/train/train-plan.ts";
import { trainDefinition, trainRelease } from "../../core/train/train.testing.ts";
import type { CrossedStep } from "../../ports/catalog.ts";
import { NOW, refusedWith } from "./desk.testing.ts";
import type { Desk } from "./desk.ts";
import { planTrainBack } from "./train-rollback.ts";

const ENVIRONMENT = "production" as EnvironmentName;
const shop = (version: string): Release => ({
  ...trainRelease(["api", "web"]),
  id: `shop@${version}` as ReleaseId,
});

const PLAN = trainPlan({
  service: "shop" as ServiceName,
  environment: ENVIRONMENT,
  train: trainDefinition({ api: [], web: ["api"] }),
  takes: {
    from: { kind: "release" },
    how: "manual",
    approval: null,
    calendar: null,
    emergency: null,
  },
  release: shop("2"),
  from: shop("1"),
});

interface World {
  /** What members carry; without a word, what the train brought. */
  readonly stable?: Readonly<Record<string, string>>;
  readonly crossed?: readonly CrossedStep[];
  readonly plan?: Plan;
  readonly tier?: RollbackTier;
  readonly to?: string;
}

const runWith = (id: string, plan: Plan): Run => ({
  ...newRun({
    id: id as RunId,
    seq: 1,
    plan,
    origin: { kind: "manual", by: "alice" as never, reason: null, emergency: null },
    at: NOW,
  }),
  settled: { outcome: "succeeded", at: NOW },
});

const laneOf = (service: string, stable: string): Lane => ({
  service: service as ServiceName,
  environment: ENVIRONMENT,
  revision: 1,
  generation: 1,
  activeRun: null,
  stable: { slot: "blue", release: stable as ReleaseId, instances: 0 },
  knownGood: [],
  auditSeq: 0,
  auditHash: "",
});

const ask = async (world: World = {}): Promise<Plan | null> => {
  const { stable = {}, crossed = [], plan = PLAN, tier = "immediate", to = null } = world;
  const carried = (service: string): string => stable[service] ?? `${service}@2`;
  const members = ["api", "web"].map((service) => ({
    service,
    stable: carried(service),
    idle: true,
    runs: [
      {
        run: `r-${service}`,
        way: "forward",
        state: "ended",
        settled: "succeeded",
        from: `${service}@1`,
        noReturn: null,
        why: null,
      },
    ],
  }));
  const desk = {
    world: { now: () => NOW },
    lanes: { get: async ({ service }: LaneKey) => laneOf(service, carried(service)) },
    catalog: {
      succeeded: async ({ service }: LaneKey, id: ReleaseId) =>
        service === "shop" ? runWith("r-shop", plan) : runWith("r-m", planFor(id)),
      crossedSince: async () => crossed,
      hasArtifact: async () => true,
    },
    runs: { load: async () => ({ run: runWith("r-shop", plan), members, effects: [] }) },
  } as unknown as Desk;
  const lane = laneOf("shop", "shop@2");
  return planTrainBack(desk, lane, { to: to as ReleaseId | null, tier });
};

const planFor = (id: ReleaseId): Plan => ({
  ...planOf("1.1", null, playbook([CANARY])),
  release: { ...release("1.1"), id },
});

test("a settled train goes back to the one before it, with the members of its run", async () => {
  const plan = await ask();
  assert.equal(plan?.release.id, "shop@1");
  assert.equal(plan.from?.id, "shop@2");
  const [step, ...others] = plan.steps;
  assert.ok(step?.kind === "train" && others.length === 0);
  assert.deepEqual([step.way, step.of, step.anyway], ["back", "r-shop", false]);
  const full = (await ask({ tier: "full" }))?.steps[0];
  assert.ok(full?.kind === "train" && full.anyway && full.tier === "full");
});

test("a member that was taken back already is in nobody's way", async () => {
  assert.notEqual(await ask({ stable: { web: "web@1" } }), null);
  const gone = ask({ stable: { web: "web@1", api: "api@1" } });
  await assert.rejects(gone, refusedWith("train-over"));
});

test("where another release has come since, the commands for each member are named", async () => {
  await assert.rejects(ask({ stable: { api: "api@7" } }), (error: Error & { hint?: string }) => {
    assert.ok(refusedWith("train-over")(error));
    assert.match(error.message, /api carries api@7 by now/);
    const bodies = JSON.stringify((error as unknown as { bodies: unknown }).bodies);
    assert.match(bodies, /rollback web production, then sluice rollback api production/);
    return true;
  });
});

test("a point of no return of a member is crossed only where somebody says full", async () => {
  const crossed = [{ run: "r-m" as RunId, step: "drop" }];
  await assert.rejects(ask({ crossed }), refusedWith("point-of-no-return"));
  assert.notEqual(await ask({ crossed, tier: "full" }), null);
});

test("it goes back one train, and to no other", async () => {
  await assert.rejects(ask({ to: "shop@0" }), refusedWith("not-before-train"));
  assert.notEqual(await ask({ to: "shop@1" }), null);
  const run = runWith("r-shop", PLAN);
  const back = trainBackPlan(run, shop("2"), "immediate") ?? assert.fail("it is a train");
  await assert.rejects(ask({ plan: back }), refusedWith("train-over"));
});

test("what is no train is left to others", async () => {
  assert.equal(await ask({ plan: planOf("1.1", "1.0", playbook([CANARY])) }), null);
});
