// Backups over HTTP: what can be asked for, and what bad requests are told.

import assert from "node:assert/strict";
import { test } from "node:test";
import { sampleApi } from "./sample-request.testing.ts";

const ID = "main.production.20261120-110000-k3x9ab";
const RESTORE = `/v1/backups/${ID}/restore`;

test("backups are begun, listed, shown, verified", async () => {
  await using api = await sampleApi();
  const body = { database: "main", environment: null, verify: true };
  const made = await api.send({ method: "POST", url: "/v1/backups", payload: body });
  assert.equal(made.status, 200);
  const list = await api.send({ url: "/v1/backups?database=main" });
  assert.equal(list.status, 200);
  assert.equal((await api.send({ url: `/v1/backups/${ID}` })).status, 200);
  const payload = {};
  const verified = await api.send({
    method: "POST",
    url: `/v1/backups/${ID}/verification`,
    payload,
  });
  assert.equal(verified.status, 200);
  assert.deepEqual(
    api.asked.map(({ what }) => what),
    ["backup", "verifyBackup"],
  );
});

test("what is not there is not found, and what is no id is a bad request", async () => {
  await using api = await sampleApi();
  const other = ID.replace("k3x9ab", "000000");
  const missing = await api.send({ url: `/v1/backups/${other}` });
  assert.deepEqual([missing.status, missing.problem.code], [404, "unknown-backup"]);
  for (const id of ["main", "..%2f..%2fetc", `${ID}.x`, "a.b.c.20261120-110000-k3x9ab"]) {
    const { status, problem } = await api.send({ url: `/v1/backups/${id}` });
    assert.deepEqual([status, problem.code], [400, "bad-request"], id);
  }
});

const GOOD: readonly (readonly [string, unknown])[] = [
  ["new:app_before", { kind: "new", database: "app_before" }],
  ["secret:local/url", { kind: "url", url: "${secret:local/url}" }],
  ["postgresql://me@h/app", { kind: "url", url: "postgresql://me@h/app" }],
];

for (const [into, meant] of GOOD) {
  test(`a restore goes into ${into}`, async () => {
    await using api = await sampleApi();
    const payload = { into, owners: false };
    assert.equal((await api.send({ method: "POST", url: RESTORE, payload })).status, 200);
    const { with: request } = api.asked[0] ?? {};
    assert.deepEqual((request as { into: unknown }).into, meant);
  });
}

const BAD = [
  "app",
  "new:App",
  "new:",
  "new:a;drop",
  "secret:nowhere/url",
  "secret:local/../url",
  "http://h/app",
  "postgresql://me:s3cret@h/app",
  "postgresql://me@h/app?password=s3cret",
];

for (const into of BAD) {
  test(`a restore into ${into} is refused without repeating it`, async () => {
    await using api = await sampleApi();
    const payload = { into, owners: false };
    const { status, problem } = await api.send({ method: "POST", url: RESTORE, payload });
    assert.deepEqual([status, problem.code], [400, "bad-request"]);
    assert.ok(!JSON.stringify(problem).includes("s3cret"));
    assert.deepEqual(api.asked, []);
  });
}
