// The service that all five examples release: a small HTTP server without dependencies. What it
// answers is the same everywhere; behaviour.json makes a release that fails, each in its own way.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * `latencyMs`: what every answer of `/` takes. `errorShare`: its answers of 500, from 0 to 1.
 * `cpuShare`: of one core, from 0 to 1, kept busy. `memoryMi`: mebibytes held. `failing`: paths
 * that answer 503 once so many requests were made of `/`: `failingAfterRequests`. `onlyIn`: the one
 * environment in which it behaves so; null: all of them.
 */
const GOOD = {
  latencyMs: 5,
  errorShare: 0,
  cpuShare: 0,
  memoryMi: 0,
  failing: [],
  failingAfterRequests: 0,
};
const written = JSON.parse(readFileSync(new URL("behaviour.json", import.meta.url), "utf8"));
const here = [null, undefined, process.env.SLUICE_ENVIRONMENT].includes(written.onlyIn);
const behaviour = { ...GOOD, ...(here ? written : {}) };

const release = process.env.SLUICE_RELEASE ?? "example";
/** How long requests in flight may go on after SIGTERM. */
const STOP_DEADLINE_MS = 5_000;
/** `cpuShare` is worked off this often, in pieces that leave the rest time to answer. */
const BUSY_EVERY_MS = 100;
const BUSY_AT_MOST_MS = 80;
/** Answered even when half of all real answers are errors: only traffic shows such a release. */
const HEALTH = [
  "/health",
  "/health/detailed",
  "/health/database",
  "/health/cache",
  "/health/external",
  "/api/v1/status",
  "/api/v1/auth/verify",
];

let stopping = false;
/** Grows by errorShare a request; each time it passes a whole number, one answer is an error. */
let owedErrors = 0.5;

const startedAt = performance.now();
let requests = 0;
const fails = (path) =>
  behaviour.failing.includes(path) && requests >= behaviour.failingAfterRequests;

/** Written to, or the system would only promise it. */
const held = Buffer.alloc(behaviour.memoryMi * 1024 * 1024, 1);

/** Until the share is reached, also where others on this machine want its cores. */
const keepBusy = () => {
  const end = performance.now() + BUSY_AT_MOST_MS;
  const owedMs = () => (performance.now() - startedAt) * behaviour.cpuShare;
  const usedMs = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000;
  while (usedMs() < owedMs() && performance.now() < end);
};
if (behaviour.cpuShare > 0) setInterval(keepBusy, BUSY_EVERY_MS);

const json = (response, status, body) => {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000",
    "x-release": release,
    ...(stopping ? { connection: "close" } : {}),
  });
  response.end(`${JSON.stringify(body)}\n`);
};

const work = (response, path) => {
  owedErrors += behaviour.errorShare;
  if (owedErrors >= 1) {
    owedErrors -= 1;
    json(response, 500, { error: "this release fails now and then", release });
  } else if (path === "/" || path === "/checkout") json(response, 200, { release, path });
  else json(response, 404, { error: "there is nothing here", release });
};

const server = createServer((request, response) => {
  // A connection that was busy when the stop came closes with the end of its answer.
  response.on("finish", () => {
    if (stopping) setImmediate(() => server.closeIdleConnections());
  });
  const path = new URL(request.url ?? "/", "http://service").pathname;
  if (path === "/") requests += 1;
  if (fails(path)) json(response, 503, { error: "this release fails here", held: held.length });
  else if (HEALTH.includes(path)) json(response, 200, { ok: true });
  else if (path === "/ready") json(response, stopping ? 503 : 200, { ready: !stopping });
  else setTimeout(() => work(response, path), behaviour.latencyMs);
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ listening: server.address().port, release })}\n`);
});

/** Takes no new connection, finishes what it has, and ends by itself. */
const stop = () => {
  if (stopping) return;
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
  setTimeout(() => process.exit(1), STOP_DEADLINE_MS).unref();
};
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
