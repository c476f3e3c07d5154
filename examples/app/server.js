// The service that all five examples release: a small HTTP server without dependencies. What it
// answers is the same everywhere; `errorShare` in behaviour.json makes a release that fails.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** `latencyMs`: what every answer of `/` takes. `errorShare`: its answers of 500, from 0 to 1. */
const behaviour = JSON.parse(readFileSync(new URL("behaviour.json", import.meta.url), "utf8"));

const release = process.env.SLUICE_RELEASE ?? "example";
/** How long requests in flight may go on after SIGTERM. */
const STOP_DEADLINE_MS = 5_000;
/** Answered whatever the behaviour: only real traffic shows a bad release. */
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
  if (HEALTH.includes(path)) json(response, 200, { ok: true });
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
