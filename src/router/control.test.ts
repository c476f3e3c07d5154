// The control API, the state on disk and the process itself.

import assert from "node:assert/strict";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";

import { ask, freePort, startOrigin, TestRouter, until } from "./router.testing.ts";

const router = new TestRouter();
let metricsPort = 0;
before(async () => {
  metricsPort = await freePort();
  await router.start("--metrics", `127.0.0.1:${metricsPort}`);
});
after(() => router.discard());

const connects = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () =>
      resolve(false),
    );
    socket.once("connect", () => socket.destroy());
  });

const TIMEOUTS = { connectMs: 1000, responseMs: 5000, idleMs: 5000 };
const spec = (generation: number, listen: string, blue: number) => ({
  generation,
  listen,
  weights: { blue, green: 1000 - blue },
  sticky: null,
  timeouts: TIMEOUTS,
});

test("socket and state are for their owner only", () => {
  assert.equal(statSync(router.socket).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(router.socket)).mode & 0o777, 0o700);
  assert.equal(statSync(router.state).mode & 0o777, 0o700);
});

test("an older generation is refused and told the one held", async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  await router.control("PUT", "/routes/fence.test", spec(7, listen, 900));
  const late = await router.control("PUT", "/routes/fence.test", spec(6, listen, 0));
  assert.equal(late.status, 409);
  assert.equal(late.body["code"], "stale-generation");
  assert.equal(late.body["held"], 7);
  const { body } = await router.control("GET", "/routes/fence.test");
  assert.deepEqual(body["weights"], { blue: 900, green: 100 });
});

test("the same order again changes nothing; another of its generation is refused", async () => {
  const listen = `127.0.0.1:${await freePort()}`;
  await router.control("PUT", "/routes/again.test", spec(3, listen, 900));
  assert.equal(
    (await router.control("PUT", "/routes/again.test", spec(3, listen, 900))).status,
    200,
  );
  const other = await router.control("PUT", "/routes/again.test", spec(3, listen, 800));
  assert.equal(other.status, 409);
  assert.equal(other.body["code"], "generation-conflict");
});

test("a port in use is refused and nothing changes", async (t) => {
  const taken = await startOrigin(t, (_request, response) => response.end());
  const listen = `127.0.0.1:${await freePort()}`;
  await router.control("PUT", "/routes/port.test", spec(1, listen, 900));
  const refused = await router.control(
    "PUT",
    "/routes/port.test",
    spec(2, `127.0.0.1:${taken.port}`, 0),
  );
  assert.equal(refused.status, 422);
  assert.equal(refused.body["code"], "listen-in-use");
  const said = String(refused.body["message"]);
  assert.match(
    said,
    new RegExp(`is in use by .+ \\(process ${process.pid}\\): end it, or give`, "u"),
  );
  const { body } = await router.control("GET", "/routes/port.test");
  assert.equal(body["generation"], 1);
  assert.equal(body["listen"], listen);
  const fresh = await router.control("PUT", "/routes/port2.test", spec(1, listen, 0));
  assert.equal(fresh.body["code"], "listen-in-use", "another route's listener counts too");
  assert.match(String(fresh.body["message"]), /is in use by the route of port\.test: give /u);
  assert.equal((await router.control("GET", "/routes/port2.test")).status, 404);
});

test("a route moves to another port and lets the old one go", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await router.endpoints("move.test", "blue", [origin.port]);
  const before = await router.route("move.test");
  const now = await router.route("move.test", { generation: 2 });
  assert.equal((await ask({ port: now })).text, "ok");
  await assert.rejects(ask({ port: before }), /ECONNREFUSED/);
});

test("instances may come before weights, and their epoch never falls", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await router.endpoints("epoch.test", "green", [origin.port], 5);
  const { body } = await router.control("GET", "/routes/epoch.test");
  assert.deepEqual(
    [body["generation"], body["weights"], body["usable"]],
    [0, { blue: 0, green: 0 }, { blue: 0, green: 1 }],
  );
  const late = await router.control("PUT", "/routes/epoch.test/endpoints/green", {
    epoch: 4,
    endpoints: [],
  });
  assert.equal(late.status, 409);
  assert.deepEqual([late.body["code"], late.body["held"]], ["stale-epoch", 5]);
  const port = await router.route("epoch.test", { weights: { blue: 0, green: 1000 } });
  assert.equal((await ask({ port })).text, "ok");
});

test("a deleted route is gone, and remembers its generation", async () => {
  const port = await router.route("gone.test", { generation: 4 });
  assert.equal(
    (await router.control("DELETE", "/routes/gone.test", { generation: 3 })).status,
    409,
  );
  assert.equal(
    (await router.control("DELETE", "/routes/gone.test", { generation: 5 })).status,
    200,
  );
  assert.equal((await router.control("GET", "/routes/gone.test")).status, 404);
  await assert.rejects(ask({ port }), /ECONNREFUSED/);
  const late = await router.control("PUT", "/routes/gone.test", spec(4, `127.0.0.1:${port}`, 0));
  assert.equal(late.body["code"], "stale-generation");
  assert.equal(
    (await router.control("DELETE", "/routes/never.test", { generation: 1 })).status,
    404,
  );
});

test("bad orders name their mistake and have a code", async () => {
  const cases: readonly (readonly [string, string, unknown, number, string])[] = [
    ["PUT", "/routes/x", { generation: 1 }, 400, "invalid-request"],
    ["PUT", "/routes/a%2Fb", {}, 400, "invalid-request"],
    ["PUT", "/routes/x/endpoints/red", { epoch: 1, endpoints: [] }, 400, "invalid-request"],
    ["GET", "/routes/nobody", undefined, 404, "unknown-route"],
    ["GET", "/nothing", undefined, 404, "unknown-operation"],
    ["GET", "//", undefined, 400, "invalid-request"],
    ["GET", "/routes/fence.test/in-flight/%zz", undefined, 400, "invalid-request"],
    ["PUT", "/routes/x", { text: "x".repeat(2_000_000) }, 413, "too-large"],
    [
      "GET",
      "/routes/fence.test/series?slot=blue&from=0&to=9&step=0&window=1&metric=p95",
      undefined,
      400,
      "invalid-request",
    ],
    [
      "GET",
      "/routes/fence.test/series?slot=blue&from=0&to=9&step=1&window=1&metric=p96",
      undefined,
      400,
      "invalid-request",
    ],
    [
      "GET",
      "/routes/fence.test/series?slot=blue&from=0&to=99999999&step=1&window=1&metric=p95",
      undefined,
      400,
      "too-many-samples",
    ],
  ];
  for (const [method, path, body, status, code] of cases) {
    const reply = await router.control(method, path, body);
    assert.deepEqual([reply.status, reply.body["code"]], [status, code], path);
    assert.equal(typeof reply.body["message"], "string");
  }
});

test("a second router on the same socket or state ends with code 3 and harms nothing", async () => {
  const [code] = (await once(router.spawn(), "exit")) as [number];
  assert.equal(code, 3);
  assert.equal((await router.control("GET", "/")).body["pid"], router.process?.pid);
});

test("wrong options end with code 2 and say what is right", async () => {
  for (const wrong of [["--nothing"], ["--metrics", "80"], ["--trust", "10.0.0.0/99"]]) {
    const child = router.spawn(...wrong);
    let text = "";
    child.stderr?.setEncoding("utf8").on("data", (part: string) => (text += part));
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 2);
    assert.match(text, /usage: /);
    assert.doesNotMatch(text, /\n +at /, "no stack trace");
  }
});

test("Prometheus can read it all", async (t) => {
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await router.endpoints("prom.test", "green", [origin.port]);
  const port = await router.route("prom.test", { weights: { blue: 0, green: 1000 } });
  await ask({ port });
  const { text, headers } = await ask({ port: metricsPort, path: "/metrics" });
  assert.match(headers["content-type"] ?? "", /^text\/plain; version=0\.0\.4/);
  const labels = 'route="prom.test",slot="green"';
  assert.ok(text.includes(`\nsluice_router_requests_total{${labels},code="2xx"} 1\n`));
  assert.ok(
    text.includes(`\nsluice_router_request_duration_seconds_bucket{${labels},le="+Inf"} 1\n`),
  );
  assert.ok(text.includes(`\nsluice_router_request_duration_seconds_count{${labels}} 1\n`));
  assert.ok(text.includes(`\nsluice_router_weight_ratio{${labels}} 1\n`));
  for (const line of text.trimEnd().split("\n")) {
    assert.match(line, /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+)$/);
  }
});

test("series tell errors, latencies and rate of the last seconds", async (t) => {
  const origin = await startOrigin(t, (seen, response) => {
    setTimeout(() => response.writeHead(seen.url === "/bad" ? 500 : 200).end(), 50);
  });
  await router.endpoints("series.test", "blue", [origin.port]);
  const port = await router.route("series.test");
  await Promise.all(["/bad", "/", "/", "/"].map((path) => ask({ port, path })));
  const errors = await router.reading("series.test", "blue", "errorRate");
  assert.deepEqual([errors.value, errors.count], [25, 4]);
  const { value } = await router.reading("series.test", "blue", "p95");
  assert.ok(value !== null && value > 45 && value < 1500, `${value}`);
  assert.equal((await router.reading("series.test", "green", "p95")).value, null);
});

test("a restart, by force or not, brings routes, instances and listeners back", async (t) => {
  const own = new TestRouter();
  t.after(() => own.discard());
  await own.start();
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await own.endpoints("kept.test", "blue", [origin.port], 9);
  const port = await own.route("kept.test", { generation: 12 });
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    await own.stop(signal);
    await assert.rejects(ask({ port }), /ECONNREFUSED/);
    await own.start();
    assert.equal(
      (await ask({ port })).text,
      "ok",
      "the listener is open before the socket answers",
    );
    const { body } = await own.control("GET", "/routes/kept.test");
    assert.deepEqual([body["generation"], body["epochs"]], [12, { blue: 9, green: 0 }]);
    assert.equal(
      (await own.control("PUT", "/routes/kept.test", spec(11, `127.0.0.1:${port}`, 0))).status,
      409,
    );
  }
});

test("a port that is taken at a restart is opened as soon as it is free", async (t) => {
  const own = new TestRouter();
  t.after(() => own.discard());
  await own.start();
  const origin = await startOrigin(t, (_request, response) => response.end("ok"));
  await own.endpoints("late.test", "blue", [origin.port]);
  const port = await own.route("late.test");
  await own.stop();
  const squatter = await startOrigin(t, (_request, response) => response.end("squatter"), port);
  await own.start();
  const { body } = await own.control("GET", "/routes/late.test");
  assert.deepEqual([body["listening"], body["usable"]], [false, { blue: 0, green: 0 }]);
  await squatter.stop();
  await until(
    "the listener is open",
    async () => (await own.control("GET", "/routes/late.test")).body["listening"],
  );
  assert.equal((await ask({ port })).text, "ok");
});

test("a damaged state is neither taken for an empty one nor overwritten", async (t) => {
  const own = new TestRouter();
  t.after(() => own.discard());
  await own.start();
  await own.stop();
  writeFileSync(join(own.state, "router.json"), '{"version":1,"routes":[{"name":"a');
  const child = own.spawn();
  let text = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => (text += part));
  const [code] = (await once(child, "close")) as [number];
  assert.equal(code, 1);
  assert.match(text, /router\.json/);
});

test("asked to end, it finishes what is in flight and takes nothing new", async (t) => {
  const own = new TestRouter();
  t.after(() => own.discard());
  await own.start();
  const held: ServerResponse[] = [];
  const origin = await startOrigin(t, (_request, response) => void held.push(response));
  await own.endpoints("end.test", "blue", [origin.port]);
  const port = await own.route("end.test");
  const slow = ask({ port });
  await until("the instance has the request", () => held.length === 1);
  const stopped = own.stop("SIGTERM");
  await until("no more connections are taken", async () => !(await connects(port)));
  held[0]?.end("finished");
  const reply = await slow;
  assert.equal(reply.text, "finished");
  assert.equal(reply.headers["connection"], "close");
  await stopped;
  assert.equal(own.process?.exitCode, 0);
});
