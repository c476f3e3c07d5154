// Who gets in, and what bad input of every kind gets: a problem with a code, never a stack.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BODY_LIMIT_BYTES, DEFINITIONS_LIMIT_BYTES } from "./contract/protocol.ts";
import { sampleWorld } from "./sample-parts.testing.ts";
import { sampleApi } from "./sample-request.testing.ts";

const DEPLOY = {
  service: "hello",
  environment: "production",
  release: "hello@1.1.0",
  reason: null,
};

test("without the token nothing is answered, whatever is asked", async () => {
  await using api = await sampleApi();
  for (const authorization of ["", "Bearer wrong", "Basic dGVzdA==", `Bearer ${"t".repeat(42)}`]) {
    for (const url of ["/v1/health", "/v1/lanes", "/metrics", "/v1/openapi.json", "/nothing"]) {
      const { status, problem } = await api.send({ url, headers: { authorization } });
      assert.equal(status, 401, `${authorization} ${url}`);
      assert.equal(problem.code, "bad-token");
    }
  }
});

test("a foreign Host is turned away even with the token", async () => {
  await using api = await sampleApi();
  for (const host of ["evil.example", "evil.example:80", "127.0.0.1.evil.example"]) {
    const { problem } = await api.send({ url: "/v1/health", headers: { host } });
    assert.equal(problem.code, "bad-host", host);
  }
  for (const host of ["localhost:4680", "127.0.0.1:4680", "[::1]:4680", "localhost"]) {
    assert.equal((await api.send({ url: "/v1/health", headers: { host } })).status, 200, host);
  }
});

test("answers are not stored, not framed, and shared with no other origin", async () => {
  await using api = await sampleApi();
  const { headers } = await api.send({
    url: "/v1/lanes",
    headers: { origin: "https://evil.example" },
  });
  assert.equal(headers["cache-control"], "no-store");
  assert.equal(headers["x-content-type-options"], "nosniff");
  assert.ok(headers["content-security-policy"]);
  assert.equal(headers["access-control-allow-origin"], undefined);
});

test("a change needs somebody who asks, by a sensible name not the machine's", async () => {
  await using api = await sampleApi();
  const post = (actor: string) =>
    api.send({
      method: "POST",
      url: "/v1/runs",
      payload: DEPLOY,
      headers: { "sluice-actor": actor },
    });
  for (const actor of ["", "  ", "sluice", "a\u0007b", "x".repeat(300), "%zz", "<b>"]) {
    const { status, problem } = await post(encodeURIComponent(actor).replace("%25zz", "%zz"));
    assert.equal(status, 400, JSON.stringify(actor));
    assert.equal(problem.code, "bad-actor", JSON.stringify(actor));
  }
  assert.equal((await post("J%C3%B6rg")).status, 200);
  assert.deepEqual(api.asked, [
    { what: "deploy", with: { ...DEPLOY, emergency: false, supersede: false, by: "Jörg" } },
  ]);
  const nobody = await api.app.inject({
    method: "POST",
    url: "/v1/runs",
    payload: DEPLOY,
    headers: { authorization: `Bearer ${"t".repeat(43)}`, host: "localhost" },
  });
  assert.equal(nobody.json<{ code: string }>().code, "no-actor");
});

const BAD_BODIES: readonly (readonly [string, unknown, string])[] = [
  ["nothing", {}, "body.service"],
  ["a list", [], "body"],
  ["a number", 5, "body"],
  ["an unknown key", { ...DEPLOY, force: true }, "body"],
  ["a wrong type", { ...DEPLOY, service: 5 }, "body.service"],
  ["a name of 300 characters", { ...DEPLOY, service: "a".repeat(300) }, "body.service"],
  ["a name that climbs", { ...DEPLOY, service: "../etc" }, "body.service"],
  ["an upper-case name", { ...DEPLOY, environment: "Prod" }, "body.environment"],
  ["a release without version", { ...DEPLOY, release: "hello" }, "body.release"],
  ["a release with two", { ...DEPLOY, release: "hello@1@2" }, "body.release"],
  ["a version of 64", { ...DEPLOY, release: `hello@${"1".repeat(64)}` }, "body.release"],
  ["an endless reason", { ...DEPLOY, reason: "x".repeat(1_001) }, "body.reason"],
  ["a reason with escapes", { ...DEPLOY, reason: "\u001b[2J" }, "body.reason"],
];

for (const [what, payload, where] of BAD_BODIES) {
  test(`a body with ${what} is refused at ${where}`, async () => {
    await using api = await sampleApi();
    const headers = { "content-type": "application/json" };
    const { status, problem } = await api.send({
      method: "POST",
      url: "/v1/runs",
      headers,
      payload: JSON.stringify(payload),
    });
    assert.equal(status, 400);
    assert.equal(problem.code, "bad-request");
    assert.equal(problem.errors[0]?.where, where);
    assert.deepEqual(api.asked, []);
  });
}

test("a name that is none is told with its rule", async () => {
  await using api = await sampleApi();
  const payload = { ...DEPLOY, environment: "Prod" };
  const { problem } = await api.send({ method: "POST", url: "/v1/runs", payload });
  assert.match(problem.errors[0]?.message ?? "", /^an environment's name has 1 to 63/);
});

test("broken, foreign, poisoned and too large bodies have codes of their own", async () => {
  await using api = await sampleApi();
  const post = (url: string, payload: string, type = "application/json") =>
    api.send({
      method: url === "/v1/definitions" ? "PUT" : "POST",
      url,
      payload,
      headers: { "content-type": type },
    });
  const nonsense = "x".repeat(10_000_000);
  const code = async (reply: ReturnType<typeof post>) => (await reply).problem.code;
  assert.equal(await code(post("/v1/runs", "{")), "bad-json");
  assert.equal(await code(post("/v1/runs", "")), "bad-json");
  assert.equal(await code(post("/v1/runs", '{"__proto__":{"a":1}}')), "bad-json");
  assert.equal(
    await code(post("/v1/runs", "a=b", "application/x-www-form-urlencoded")),
    "unsupported-body",
  );
  assert.equal(await code(post("/v1/runs", "hello", "text/plain")), "unsupported-body");
  const tooLarge = await post("/v1/runs", nonsense);
  assert.deepEqual([tooLarge.status, tooLarge.problem.code], [413, "too-large"]);
  assert.match(
    tooLarge.problem.detail,
    new RegExp(`larger than the ${BODY_LIMIT_BYTES} bytes`, "u"),
  );
  assert.equal(await code(post("/v1/definitions", nonsense)), "bad-json");
  const file = { path: "a.yaml", text: "x".repeat(DEFINITIONS_LIMIT_BYTES) };
  assert.equal(await code(post("/v1/definitions", JSON.stringify({ files: [file] }))), "too-large");
  const fits = { files: [{ path: "a.yaml", text: "x".repeat(10_000_000) }] };
  assert.equal((await post("/v1/definitions", JSON.stringify(fits))).status, 200);
});

test("what is not there is 404 and says what may have been meant", async () => {
  await using api = await sampleApi();
  const hint = async (url: string): Promise<readonly unknown[]> => {
    const { status, problem } = await api.send({ url });
    return [status, problem.code, problem.errors[0]?.hint];
  };
  assert.deepEqual(await hint("/v1/runs/r1a2b3c5"), [404, "unknown-run", "did you mean r1a2b3c4?"]);
  assert.deepEqual(await hint("/v1/runs/helo.production"), [
    404,
    "unknown-service",
    "did you mean hello?",
  ]);
  assert.deepEqual(await hint("/v1/lanes?service=helo"), [
    404,
    "unknown-service",
    "did you mean hello?",
  ]);
  assert.deepEqual(await hint("/v1/lanes?environment=prodution"), [
    404,
    "unknown-environment",
    "did you mean production?",
  ]);
  assert.equal((await hint("/v1/runs?service=helo"))[1], "unknown-service");
  assert.equal((await hint("/v1/releases/hello@9.9.9"))[1], "unknown-release");
  assert.equal((await hint("/v2/runs"))[1], "unknown-route");
  assert.deepEqual((await hint(`/v1/releases/${"a".repeat(300)}`)).slice(0, 2), [
    400,
    "bad-request",
  ]);
  assert.equal((await hint("/v1/runs?limit=0"))[1], "bad-request");
  assert.equal((await hint("/v1/runs?limit=2&limit=3"))[1], "bad-request");
  assert.equal((await hint("/v1/runs?sort=asc"))[1], "bad-request");
});

test("an unforeseen error is 500 with an id that the log has, and no insides", async () => {
  await using api = await sampleApi();
  api.failWith(new Error("secret detail at /home/x"));
  const { status, problem } = await api.send({ url: "/v1/runs/r1a2b3c4" });
  assert.equal(status, 500);
  assert.equal(problem.code, "internal");
  assert.doesNotMatch(JSON.stringify(problem), /secret|home|stack/);
  assert.equal((api.logged[0] as { request: string }).request, problem.instance);
});

test("a database that is away is 503 with a time to come again", async () => {
  await using api = await sampleApi();
  api.failWith(Object.assign(new Error("connect"), { code: "ECONNREFUSED" }));
  const { status, problem, headers } = await api.send({ url: "/v1/runs/r1a2b3c4" });
  assert.deepEqual([status, problem.code, headers["retry-after"]], [503, "database-away", "2"]);
  assert.equal((await api.send({ url: "/v1/health" })).status, 503);
  assert.deepEqual(api.logged, []);
});

test("the OpenAPI document has every route, with what it takes", async () => {
  await using api = await sampleApi();
  const { json } = await api.send({ url: "/v1/openapi.json" });
  const document = json as {
    paths: Record<string, Record<string, { requestBody?: object; parameters: { name: string }[] }>>;
  };
  assert.ok(Object.keys(document.paths).length > 18);
  assert.ok(document.paths["/v1/runs"]?.["post"]?.requestBody);
  assert.deepEqual(
    document.paths["/v1/runs/{run}"]?.["get"]?.parameters.map(({ name }) => name),
    ["run"],
  );
  assert.match(JSON.stringify(document.paths["/v1/definitions"]), /additionalProperties":false/);
  const report = JSON.stringify(document.paths["/v1/releases/{release}/evidence"]?.["post"]);
  assert.match(
    report,
    /"application\/octet-stream":\{"schema":\{"type":"string","format":"binary"/,
  );
  const feed = JSON.stringify(document.paths["/v1/calendars/{calendar}/feed"]?.["get"]);
  assert.match(feed, /"content":\{"text\/calendar":/);
});

test("metrics are for Prometheus and name routes by their pattern", async () => {
  await using api = await sampleApi();
  await api.send({ url: "/v1/runs/r1a2b3c4" });
  const { json, headers } = await api.send({ url: "/metrics" });
  assert.match(String(headers["content-type"]), /^text\/plain/);
  assert.match(
    String(json),
    /sluice_api_request_seconds_count\{route="\/v1\/runs\/:run",method="GET",status="200"\} 1/,
  );
});

test("too many requests are told to slow down, and when to come again", async () => {
  await using api = await sampleApi(sampleWorld(), 5);
  for (let i = 0; i < 5; i += 1) assert.equal((await api.send({ url: "/v1/health" })).status, 200);
  const { status, problem, headers } = await api.send({ url: "/v1/health" });
  assert.deepEqual([status, problem.code], [429, "too-many-requests"]);
  assert.ok(Number(headers["retry-after"]) > 0);
});
