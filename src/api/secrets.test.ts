// Secrets over the API: set and removed by name, and no answer, log or error has a value.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleWorld } from "./sample-parts.testing.ts";
import { NOW } from "./sample-plan.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";

const put = async (payload: object) => {
  const world = sampleWorld();
  await using api = await sampleApi(world);
  const answer = await api.send({
    method: "PUT",
    url: "/v1/secrets",
    payload,
    headers: { "sluice-actor": "alice" },
  });
  return { ...answer, world };
};

test("a secret is set by who asks, and only its name comes back", async () => {
  const { status, json, world } = await put({ name: "db/main", value: "s3cret-value" });
  assert.equal(status, 200);
  assert.deepEqual(world.asked.at(-1), {
    what: "setSecret",
    with: { name: "db/main", value: "s3cret-value", by: "alice" },
  });
  assert.deepEqual(json, {
    name: "db/main",
    reference: "secret:local/db/main",
    by: "alice",
    at: NOW,
  });
  assert.ok(!JSON.stringify([json, world.logged]).includes("s3cret-value"));
});

const REFUSED = [
  ["a name that climbs", { name: "../db", value: "s3cret-value" }],
  ["a name with a space", { name: "d b", value: "s3cret-value" }],
  ["a key besides", { name: "db", value: "s3cret-value", note: "s3cret-value" }],
  ["a value that is no text", { name: "db", value: ["s3cret-value"] }],
] as const;

for (const [what, payload] of REFUSED) {
  test(`${what} is refused, and the refusal has no value`, async () => {
    const { status, json, world } = await put(payload);
    assert.equal(status, 400);
    assert.ok(!JSON.stringify([json, world.logged]).includes("s3cret-value"));
  });
}
