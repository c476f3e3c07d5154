// Promotions: by the definitions that are in force when they come, whatever the plan said.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CANARY, RUNTIME, planOf, playbook, release } from "../../core/decide.testing.ts";
import type { EffectKey } from "../../core/effect.ts";
import type { EnvironmentName } from "../../core/ids.ts";
import { newRun } from "../../core/new-run.ts";
import type { Definitions, Takes } from "../../core/playbook.ts";
import type { NewRun } from "../../ports/store.ts";
import { promoteOnSuccess } from "./begin.ts";
import type { Desk } from "./desk.ts";

const { service, environment, route } = planOf("1.1", null, playbook([CANARY]));
const LIVE = "live" as EnvironmentName;
const KEY = { service, environment, run: "r-1", generation: 3, ordinal: 0 } as EffectKey;

const definitions = (how: Takes["how"]): Definitions => ({
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
      takes: { from: { kind: "environment", name: environment }, how, approval: null },
    },
  ],
  playbooks: [playbook([CANARY])],
});

const deskWith = (how: Takes["how"]): Desk =>
  ({
    world: { now: () => 1 },
    catalog: { definitions: async () => definitions(how) },
    lanes: {
      get: async (lane: { readonly environment: string }) =>
        lane.environment === LIVE ? null : { knownGood: [{ release: release("1.1").id, at: 1 }] },
    },
    runs: { create: async (run: NewRun) => newRun({ ...run, seq: 1 }) },
  }) as unknown as Desk;

test("an environment that takes releases by itself gets what succeeded before it", async () => {
  const outcome = await promoteOnSuccess(deskWith("automatic"), KEY, LIVE, release("1.1"));
  assert.equal(outcome.kind, "applied");
});

test("an environment that was made manual since the plan was made is left alone", async () => {
  const outcome = await promoteOnSuccess(deskWith("manual"), KEY, LIVE, release("1.1"));
  assert.equal(outcome.kind === "refused" && outcome.code, "not-automatic");
});
