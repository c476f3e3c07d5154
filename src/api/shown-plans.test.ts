// Plans as the API gives them away: whoever may read them sees no secret that stands in one.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Plan } from "../core/plan.ts";
import type { Forecast } from "./contract/orders.ts";
import { sampleRun, sampleWorld } from "./sample-parts.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";

const leaky = (plan: Plan): Plan => ({
  ...plan,
  runtime: { ...plan.runtime, env: { DB_PASSWORD: "hunter22", LEVEL: "info" } },
  notify: [{ kind: "webhook", url: "https://u:p4ss@hooks.example.com/services/t0ken?k=qu3ry" }],
});

const SHOWN = {
  env: { DB_PASSWORD: "[redacted]", LEVEL: "info" },
  notify: "https://[redacted]@hooks.example.com/services/[redacted]?[redacted]",
};
const seenOf = ({ runtime, notify }: Plan) => ({ env: runtime.env, notify: notify[0]?.url });

test("the plan of a run is given without secrets", async () => {
  const run = sampleRun();
  await using api = await sampleApi(sampleWorld({ ...run, plan: leaky(run.plan) }));
  const { json } = await api.send({ method: "GET", url: `/v1/runs/${run.id}/plan` });
  assert.deepEqual(seenOf(json as Plan), SHOWN);
});

test("what would be done is told without secrets, and so is the plan before it", async () => {
  const world = sampleWorld();
  const plan = leaky(sampleRun().plan);
  const planFor = async () => ({ plan, against: plan });
  const operations = { ...world.parts.operations, planFor };
  await using api = await sampleApi({ ...world, parts: { ...world.parts, operations } });
  const payload = { service: "hello", environment: "production", release: "hello@1.1.0" };
  const { json } = await api.send({ method: "POST", url: "/v1/plans", payload });
  const { plan: made, against } = json as Forecast;
  assert.deepEqual(seenOf(made), SHOWN);
  assert.deepEqual(against === null ? null : seenOf(against), SHOWN);
});
