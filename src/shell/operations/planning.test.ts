// What is said of a release that is not there, and what a rollback that waited becomes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import { instant, releaseId } from "../../core/ids.ts";
import type { Actor, ReleaseId, RunId, ServiceName } from "../../core/ids.ts";
import type { Lane } from "../../core/lane.ts";
import { newRun } from "../../core/new-run.ts";
import type { Plan } from "../../core/plan.ts";
import { Refusal } from "../../core/refusal.ts";
import { rollbackPlan } from "../../core/rollback-plan.ts";
import type { Origin, Run } from "../../core/run.ts";
import { undoable } from "../../core/undo.testing.ts";
import type { Desk } from "./desk.ts";
import { releaseOf, replan } from "./planning.ts";

const deskWith = (services: readonly string[], versions: readonly string[]): Desk =>
  ({
    catalog: {
      release: async () => null,
      releaseIds: async (service: ServiceName) =>
        service === "hello" ? versions.map((version) => releaseId(service, version)) : [],
      definitions: async () => ({ services: services.map((name) => ({ name })) }),
    },
  }) as unknown as Desk;

const refused = async (desk: Desk, service: string, version: string): Promise<Refusal> => {
  const id = releaseId(service as ServiceName, version);
  const error = await releaseOf(desk, id).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof Refusal);
  return error;
};

test("a release of a service that is not there is told as that, with the one meant", async () => {
  const error = await refused(deskWith(["hello", "shop"], ["1.0.0"]), "helo", "1.0.0");
  assert.equal(error.code, "unknown-service");
  assert.match(error.message, /no service helo .*did you mean hello\?/);
});

test("a release that is not there is told with the one that was meant", async () => {
  const desk = deskWith(["hello", "shop"], ["1.5.0", "1.0.0"]);
  const error = await refused(desk, "hello", "1.0");
  assert.equal(error.code, "unknown-release");
  assert.match(error.message, /did you mean hello@1\.0\.0\?/);
  assert.equal((await refused(desk, "shop", "1.0.0")).code, "unknown-release");
});

test("releases of a service that is defined no longer are known still", async () => {
  const error = await refused(deskWith([], ["1.0.0"]), "hello", "2");
  assert.equal(error.code, "unknown-release");
});

const NOW = instant(1_000);
const SHARED = {
  when: [],
  keepFailedMs: 60_000,
  withinMs: 300_000,
  tier: "immediate",
  traffic: { shares: [500, 100], bakeMs: 1_000 },
} as const;

const migrating = (to: string, from: string | null): Plan =>
  planOf(
    to,
    from,
    playbook([undoable(`migrate-${to.slice(2)}`, "gradual"), CANARY], { rollback: SHARED }),
  );

const runOf = (plan: Plan, seq: number, origin: Partial<Origin> = {}): Run =>
  newRun({
    id: `r-${seq}` as RunId,
    seq,
    plan,
    origin: { kind: "manual", by: "bob" as Actor, reason: null, emergency: null, ...origin },
    at: NOW,
  });

/** By which each release succeeded, the oldest first. */
const PAST = [
  runOf(planOf("1.0", null, playbook([CANARY])), 1),
  runOf(migrating("1.1", "1.0"), 2),
  runOf(migrating("1.2", "1.1"), 3),
];

/** Asked for when 1.1 was stable; it waits, and 1.2 is stable now. */
const waited = (asked: { readonly atOnce?: boolean }, origin: Partial<Origin> = {}) => {
  const plan = rollbackPlan({
    current: migrating("1.1", "1.0"),
    to: { release: release("1.0"), runtime: RUNTIME },
    from: { release: release("1.1"), runtime: RUNTIME },
    keepFailedMs: 0,
    tier: "gradual",
    between: PAST.slice(1, 2),
    ...asked,
  });
  const lane = {
    service: plan.service,
    environment: plan.environment,
    stable: { slot: "green", release: release("1.2").id, instances: 4 },
  } as unknown as Lane;
  return { run: runOf(plan, 9, { kind: "rollback", ...origin }), lane };
};

const deskOfPast = (
  crossed: readonly { readonly run: RunId; readonly step: string }[] = [],
): Desk =>
  ({
    catalog: {
      hasArtifact: async () => true,
      succeeded: async (_: unknown, id: ReleaseId) =>
        PAST.findLast(({ plan }) => plan.release.id === id) ?? null,
      crossedSince: async () => crossed,
    },
    runs: { load: async () => null },
  }) as unknown as Desk;

const freshFor = async (asked: { readonly atOnce?: boolean }): Promise<Plan> => {
  const { run, lane } = waited(asked);
  const fresh = await replan(deskOfPast(), run, lane);
  assert.ok(fresh?.kind === "plan");
  return fresh.plan;
};

test("a rollback that waited keeps its tier, and takes back what came meanwhile too", async () => {
  const plan = await freshFor({});
  assert.deepEqual([plan.from?.id, plan.release.id], [release("1.2").id, release("1.0").id]);
  assert.equal(plan.rollback.tier, "gradual");
  const undos = plan.steps.map(({ id }) => id).filter((id) => id.startsWith("undo-"));
  assert.deepEqual(undos, ["undo-deploy-migrate-2", "undo-deploy-migrate-1"]);
  const shares = plan.steps.flatMap((step) => (step.kind === "shift" ? step.candidate : []));
  assert.deepEqual(shares, [500, 900, 1000]);
});

test("a rollback that waited still goes at once where somebody said so", async () => {
  const plan = await freshFor({ atOnce: true });
  const shares = plan.steps.flatMap((step) => (step.kind === "shift" ? step.candidate : []));
  assert.deepEqual([plan.rollback.tier, plan.atOnce, shares], ["gradual", true, [1000]]);
});

test("a rollback is refused where a point of no return came while it waited", async () => {
  const { run, lane } = waited({});
  const crossed = [{ run: "r-3" as RunId, step: "deploy-drop" }];
  await assert.rejects(replan(deskOfPast(crossed), run, lane), (error: unknown) => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, "point-of-no-return");
    return true;
  });
});

test("what is no train's any more, its rollback leaves alone", async () => {
  const { run, lane } = waited({}, { train: "r-train" as RunId });
  assert.equal(await replan(deskOfPast(), run, lane), null);
});

test("a member's rollback that finds its release there already is told so, and ends", async () => {
  const { run, lane } = waited({}, { train: "r-train" as RunId });
  const there = { ...lane, stable: { slot: "blue", release: release("1.0").id, instances: 4 } };
  await assert.rejects(replan(deskOfPast(), run, there as Lane), (error: unknown) => {
    assert.ok(error instanceof Refusal);
    assert.equal(error.code, "already-stable");
    return true;
  });
});
