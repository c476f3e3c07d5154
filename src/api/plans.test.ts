// What is told along with a plan: secrets that it will not find, and what its place is said to be;
// the former of a run too, as long as it goes forward.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Forecast } from "./contract/orders.ts";
import type { RunView } from "./contract/runs.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";
import { NOW } from "./sample-plan.testing.ts";

const MISSING = {
  reference: "secret:local/db",
  by: ["the instances"],
  state: "missing" as const,
  why: "sluice secret set db",
};

const apiWith = (changes: Parameters<typeof sampleRun>[0] = {}) => {
  const world = sampleWorld(sampleRun(changes));
  const operations = { ...world.parts.operations, missingSecrets: async () => [MISSING] };
  return sampleApi({ ...world, parts: { ...world.parts, operations } });
};

test("a plan names them, and so does a run as long as it goes forward", async () => {
  await using api = await apiWith();
  const payload = { service: "hello", environment: "production", release: "hello@1.1.0" };
  const { json } = await api.send({ method: "POST", url: "/v1/plans", payload });
  assert.deepEqual((json as Forecast).missingSecrets, [MISSING]);
  const run = await api.send({ url: `/v1/runs/${sampleRun().id}` });
  assert.deepEqual((run.json as RunView).missingSecrets, [MISSING]);
});

test("a plan says what its place is said to be", async () => {
  const world = sampleWorld();
  const current = await world.parts.definitions.current();
  assert.ok(current !== null);
  const about = { data: "real production data" };
  const environments = current.environments.map((one) => ({ ...one, about }));
  const definitions = { current: async () => ({ ...current, environments }) };
  await using api = await sampleApi({ ...world, parts: { ...world.parts, definitions } });
  const payload = { service: "hello", environment: "production", release: "hello@1.1.0" };
  const { json } = await api.send({ method: "POST", url: "/v1/plans", payload });
  assert.deepEqual((json as Forecast).place, about);
});

test("a run that has its outcome asks for nothing more", async () => {
  await using api = await apiWith({ settled: { outcome: "succeeded", at: NOW } });
  const run = await api.send({ url: `/v1/runs/${sampleRun().id}` });
  assert.equal((run.json as RunView).missingSecrets, undefined);
});
