// The traffic generator against a server that misbehaves on purpose: nothing may go uncounted.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";

import { start } from "./traffic.ts";
import type { Report } from "./traffic-record.ts";

const DEADLINE_MS = 60_000;

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** Traffic against the handler until `enough` requests have a verdict. */
const measure = async (
  handler: Handler,
  enough: number,
  options: { readonly rps?: number; readonly deadlineMs?: number } = {},
): Promise<Report> => {
  let count = 0;
  const server = createServer((request, response) => handler(request, response, count++));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const traffic = start(`http://127.0.0.1:${port}/`, options.rps ?? 500, options.deadlineMs);
  try {
    const giveUpAt = Date.now() + DEADLINE_MS;
    while (traffic.stats().requests < enough) {
      assert.ok(Date.now() < giveUpAt, `only ${traffic.stats().requests} requests ended`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return await traffic.stop();
  } finally {
    await traffic.stop();
    server.closeAllConnections();
    server.close();
  }
};

test("sends evenly at the rate that was asked for and counts every answer", async () => {
  let served = 0;
  const report = await measure((_request, response) => {
    served += 1;
    response.setHeader("x-release", served % 2 === 0 ? "hello@1" : "hello@2").end("hello");
  }, 600);
  assert.equal(report.requests, served);
  assert.equal(report.ok, served);
  assert.equal(report.failedByControlPlane, 0);
  assert.deepEqual(report.failures, []);
  assert.equal(report.inFlight, 0);
  const byRelease = (report.byRelease["hello@1"] ?? 0) + (report.byRelease["hello@2"] ?? 0);
  assert.equal(byRelease, served);
  assert.ok((report.p50Ms ?? 0) > 0 && (report.p99Ms ?? 0) >= (report.p50Ms ?? 0));
  const measured = report.seconds.filter((second) => second.p99Ms !== null);
  assert.ok(measured.length > 0, "600 requests at 500 a second take more than a second");
});

test("tells the service's errors from the router's and from lost requests", async () => {
  const kinds = { ok: 0, bad: 0, router: 0, cut: 0, reset: 0 };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const report = await measure((request, response, count) => {
    const kind = names[count % names.length] ?? "ok";
    kinds[kind] += 1;
    if (kind === "ok") response.end("hello");
    else if (kind === "bad") response.writeHead(500).end("broken");
    else if (kind === "router") response.writeHead(503, { "x-sluice-router": "1" }).end("no slot");
    else if (kind === "reset") request.socket.destroy();
    else {
      response.writeHead(200, { "content-length": "100" }).write("not a hundred");
      setTimeout(() => request.socket.destroy(), 20);
    }
  }, 300);
  assert.equal(report.ok, kinds.ok);
  assert.equal(report.badResponses, kinds.bad);
  assert.equal(report.failedByControlPlane, kinds.router + kinds.cut + kinds.reset);
  assert.ok(report.failures.some((failure) => failure.why.startsWith("status 503")));
  assert.ok((report.lastBadAt ?? 0) >= (report.firstBadAfterMarkAt ?? 0));
});

test("a request without an answer in its time is lost, and does not slow the others", async () => {
  const report = await measure(
    (_request, response, count) => {
      if (count !== 0) response.end("hello");
    },
    100,
    { deadlineMs: 2_000 },
  );
  assert.equal(report.failedByControlPlane, 1);
  assert.match(report.failures[0]?.why ?? "", /Timeout/);
});

test("nobody listening is a failure of every request", async () => {
  const traffic = start("http://127.0.0.1:1/", 100);
  const giveUpAt = Date.now() + DEADLINE_MS;
  while (traffic.stats().requests < 10 && Date.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const report = await traffic.stop();
  assert.ok(report.requests >= 10);
  assert.equal(report.failedByControlPlane, report.requests);
  assert.equal(report.ok, 0);
});

test("a mark forgets the bad responses before it", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(500).end("broken");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const traffic = start(`http://127.0.0.1:${port}/`, 200);
  try {
    while (traffic.stats().badResponses < 5) await new Promise((r) => setTimeout(r, 10));
    const before = traffic.stats().firstBadAfterMarkAt ?? 0;
    const markedAt = Date.now();
    traffic.mark();
    while ((traffic.stats().lastBadAt ?? 0) < markedAt + 50) {
      await new Promise((r) => setTimeout(r, 10));
    }
    const { firstBadAfterMarkAt } = await traffic.stop();
    assert.ok(before < markedAt);
    assert.ok((firstBadAfterMarkAt ?? 0) >= markedAt);
  } finally {
    await traffic.stop();
    server.closeAllConnections();
    server.close();
  }
});
