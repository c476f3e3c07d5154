// The embedded router as Router and Metrics: the contract against a real router process, and what
// becomes of its absence, its refusals and its silence.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { type EnvironmentName, instant, type RunId, type ServiceName } from "../../core/ids.ts";
import { laneName, type LaneKey, type SlotName } from "../../core/lane.ts";
import type { RouteSpec } from "../../core/runtime.ts";
import type { MetricQuery } from "../../core/series.ts";
import type { MetricName } from "../../core/threshold.ts";
import { type Layout, layoutOf } from "../../layout/layout.ts";
import { routerContract } from "../../ports/router.contract.ts";
import { routerClient } from "./client.ts";
import { routerMetrics } from "./metrics.ts";
import { embeddedRouter } from "./router.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-rd-"));
const layout: Layout = layoutOf(folder);
const nowhere: Layout = layoutOf(join(folder, "nowhere"));
const soon = (): AbortSignal => AbortSignal.timeout(5_000);
const origin = createHttpServer((seen, response) => {
  response.writeHead(seen.url === "/bad" ? 500 : 200).end();
});
let child: ChildProcess;

const startRouter = async (): Promise<void> => {
  const main = fileURLToPath(new URL("../../router/main.ts", import.meta.url));
  const socket = join(layout.sockets, "router.sock");
  const args = [main, "--socket", socket, "--state", layout.router];
  child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  for await (const part of child.stderr as AsyncIterable<Buffer>) {
    log += part.toString();
    if (log.includes('"ready"')) break;
  }
  assert.match(log, /"ready"/);
};

const stopRouter = async (): Promise<void> => {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
};

before(async () => {
  origin.listen(0, "127.0.0.1");
  await startRouter();
});
after(async () => {
  await stopRouter();
  origin.close();
  rmSync(folder, { recursive: true, force: true });
});

let lanes = 0;
const newLane = (): LaneKey => ({
  service: `s${(lanes += 1)}` as ServiceName,
  environment: "test" as EnvironmentName,
});

const newRoute = async (): Promise<RouteSpec> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const timeouts = { connectMs: 1_000, responseMs: 5_000, idleMs: 5_000 };
  return { listen: `127.0.0.1:${port}`, sticky: null, timeouts };
};

let epoch = 0;
const place = async (lane: LaneKey, slot: SlotName, instances: number): Promise<void> => {
  const { port } = origin.address() as AddressInfo;
  const endpoints = Array.from({ length: instances }, (_, n) => {
    return { id: `i${n}`, host: "127.0.0.1", port, draining: false };
  });
  const path = `/routes/${laneName(lane)}/endpoints/${slot}`;
  const body = { epoch: (epoch += 1), endpoints };
  const { status } = await routerClient(layout)({ method: "PUT", path, body, signal: soon() });
  assert.equal(status, 200);
};

routerContract("embedded router", () => ({
  router: embeddedRouter(layout),
  newLane,
  newRoute,
  place,
}));

const keyOf = (lane: LaneKey, generation: number) => {
  return { ...lane, run: "r" as RunId, generation, ordinal: 0 };
};
const ALL_BLUE = { blue: 1000, green: 0 };

test("a router that is not there: looking throws, an order is to be tried again", async () => {
  const router = embeddedRouter(nowhere);
  const lane = newLane();
  await assert.rejects(router.observe(lane, soon()), /the router: /);
  const outcome = await router.route(keyOf(lane, 1), ALL_BLUE, await newRoute(), soon());
  assert.equal(outcome.kind, "retry");
});

test("an order that a router took and never answered is unknown", async (t) => {
  const silent = layoutOf(join(folder, "silent"));
  mkdirSync(silent.sockets, { recursive: true });
  const server = createServer().listen(join(silent.sockets, "router.sock"));
  server.on("connection", (socket) => t.after(() => socket.destroy()));
  t.after(() => server.close());
  const route = await newRoute();
  const signal = AbortSignal.timeout(200);
  const outcome = await embeddedRouter(silent).route(keyOf(newLane(), 1), ALL_BLUE, route, signal);
  assert.equal(outcome.kind, "unknown");
});

test("a signal aborted before is an order that was not sent", async () => {
  const signal = AbortSignal.abort();
  const router = embeddedRouter(layout);
  const outcome = await router.route(keyOf(newLane(), 1), ALL_BLUE, await newRoute(), signal);
  assert.equal(outcome.kind, "retry");
});

test("a listener that somebody else has stalls the order", async () => {
  const { port } = origin.address() as AddressInfo;
  const route = { ...(await newRoute()), listen: `127.0.0.1:${port}` };
  const outcome = await embeddedRouter(layout).route(keyOf(newLane(), 1), ALL_BLUE, route, soon());
  assert.equal(outcome.kind, "stalled");
  assert.match(outcome.kind === "stalled" ? outcome.why : "", /in use/);
});

test("an order that the router cannot understand is refused", async () => {
  const route = { ...(await newRoute()), listen: "nowhere" };
  const outcome = await embeddedRouter(layout).route(keyOf(newLane(), 1), ALL_BLUE, route, soon());
  assert.equal(outcome.kind === "refused" && outcome.code, "invalid-request");
});

test("another order under the same generation is refused", async () => {
  const router = embeddedRouter(layout);
  const lane = newLane();
  const route = await newRoute();
  await router.route(keyOf(lane, 1), ALL_BLUE, route, soon());
  const outcome = await router.route(keyOf(lane, 1), { blue: 0, green: 1000 }, route, soon());
  assert.equal(outcome.kind === "refused" && outcome.code, "generation-conflict");
});

const queryOf = (metric: MetricName, slot: SlotName, at: number): MetricQuery => {
  return { metric, slot, from: instant(at), to: instant(at), stepMs: 1_000, windowMs: 60_000 };
};

test("metrics come back in the order they were asked for, each with what it rests on", async () => {
  const lane = newLane();
  const route = await newRoute();
  await place(lane, "blue", 1);
  await embeddedRouter(layout).route(keyOf(lane, 1), ALL_BLUE, route, soon());
  for (const path of ["/", "/bad", "/", "/"]) await fetch(`http://${route.listen}${path}`);
  const now = Date.now();
  const [p95, errors, cpu, idle] = await routerMetrics(layout).read(
    lane,
    [
      queryOf("p95", "blue", now),
      queryOf("errorRate", "blue", now),
      queryOf("cpu", "blue", now),
      queryOf("errorRate", "green", now),
    ],
    soon(),
  );
  assert.ok(errors?.kind === "samples" && idle?.kind === "samples" && p95?.kind === "samples");
  assert.deepEqual(errors.samples, [{ at: now, value: 25, count: 4 }]);
  assert.deepEqual(idle.samples, [{ at: now, value: null, count: 0 }]);
  assert.equal(p95.samples[0]?.count, 4);
  assert.ok(cpu?.kind === "error" && cpu.message.includes("does not measure cpu"));
});

test("metrics of a lane nobody knows, or of a router that is gone, are errors", async () => {
  for (const where of [layout, nowhere]) {
    const query = queryOf("p95", "blue", Date.now());
    const [series] = await routerMetrics(where).read(newLane(), [query], soon());
    assert.ok(series?.kind === "error" && series.message.startsWith("the router: "));
  }
});

test("a router that was started again is reached at the first attempt", async () => {
  const router = embeddedRouter(layout);
  const lane = newLane();
  const route = await newRoute();
  await router.route(keyOf(lane, 6), ALL_BLUE, route, soon());
  await stopRouter();
  await startRouter();
  assert.equal((await router.observe(lane, soon())).generation, 6);
});
