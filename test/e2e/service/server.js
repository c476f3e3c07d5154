// The service that the end-to-end tests release: plain JavaScript without dependencies, as anybody's
// might be. behaviour.json beside it says how well this release behaves; see ../releases.ts.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";

const behaviour = JSON.parse(readFileSync(new URL("behaviour.json", import.meta.url), "utf8"));
const startedAt = Date.now();
const release = process.env.SLUICE_RELEASE ?? behaviour.version;
let stopping = false;
/** Grows by errorShare a request; each time it passes a whole number, one answer is an error. */
let owedErrors = 0;

const isReady = () =>
  !stopping && behaviour.readyAfterMs !== null && Date.now() - startedAt >= behaviour.readyAfterMs;

const errorShare = () =>
  behaviour.badWhile !== null && existsSync(behaviour.badWhile) ? 1 : behaviour.errorShare;

const answer = (response, status) => {
  response.writeHead(status, {
    "content-type": "application/json",
    "x-release": release,
    ...(stopping ? { connection: "close" } : {}),
  });
  response.end(`${JSON.stringify({ release, pid: process.pid })}\n`);
};

const server = createServer((request, response) => {
  // A connection that was busy when the stop came closes with the end of its answer.
  response.on("finish", () => stopping && setImmediate(() => server.closeIdleConnections()));
  if (request.url === "/health") return answer(response, 200);
  if (request.url === "/ready") return answer(response, isReady() ? 200 : 503);
  setTimeout(() => {
    owedErrors += errorShare();
    if (owedErrors < 1) return answer(response, 200);
    owedErrors -= 1;
    answer(response, 500);
  }, behaviour.latencyMs);
});
server.listen(Number(process.env.PORT), "127.0.0.1");

if (behaviour.crashAfterMs !== null) setTimeout(() => process.exit(3), behaviour.crashAfterMs);

process.on("SIGTERM", () => {
  if (behaviour.ignoresTerm || stopping) return;
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
