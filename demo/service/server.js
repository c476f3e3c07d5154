// The sample service: a small HTTP server without dependencies, in plain JavaScript, as anybody's
// service might be. behaviour.json beside it decides how well this release behaves.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/**
 * `latencyMs`: what every answer takes. `errorShare`: answers of 500, from 0 to 1.
 * Health and readiness never suffer: this is the release whose fault only real traffic shows.
 */
const behaviour = JSON.parse(readFileSync(new URL("behaviour.json", import.meta.url), "utf8"));

const release = process.env.SLUICE_RELEASE ?? `hello@${behaviour.version}`;
const slot = process.env.SLUICE_SLOT ?? "none";
/** How long requests in flight may go on after SIGTERM. */
const STOP_DEADLINE_MS = 10_000;
const MAX_STREAM_LINES = 1_000;

let stopping = false;
/** Grows by errorShare a request; each time it passes a whole number, one answer is an error. */
let owedErrors = 0.5;

const answer = (response, status, type, body) => {
  response.writeHead(status, {
    "content-type": type,
    "x-release": release,
    "x-slot": slot,
    ...(stopping ? { connection: "close" } : {}),
  });
  response.end(body);
};

const json = (response, status, body) =>
  answer(response, status, "application/json", `${JSON.stringify(body)}\n`);

/** The fault of this release, if it has one. True: answered with an error. */
const misbehave = (response) => {
  owedErrors += behaviour.errorShare;
  if (owedErrors < 1) return false;
  owedErrors -= 1;
  json(response, 500, { error: "this release fails now and then", release, slot });
  return true;
};

const page = () => `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>hello</title>
<style>body{font:2rem system-ui;display:grid;place-content:center;height:90vh}</style>
<p>Hello from <b id="release">${release}</b>, slot <b id="slot">${slot}</b>.</p>
<script>
  setInterval(async () => {
    const hello = await (await fetch("/")).json();
    for (const id of ["release", "slot"]) document.getElementById(id).textContent = hello[id];
  }, 1000);
</script></html>
`;

/** `lines` lines, one every `everyMs` milliseconds, as server-sent logs or exports do. */
const stream = (request, response, query) => {
  const lines = Math.min(Number(query.get("lines") ?? 10) || 0, MAX_STREAM_LINES);
  const everyMs = Number(query.get("everyMs") ?? 100) || 0;
  response.writeHead(200, { "content-type": "text/plain", "x-release": release, "x-slot": slot });
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < lines) response.write(`${release} ${++sent}/${lines}\n`);
    if (sent >= lines) response.end();
  }, everyMs);
  response.on("close", () => clearInterval(timer));
};

/** Gives the body back as it comes. */
const echo = (request, response) => {
  response.writeHead(200, {
    "content-type": request.headers["content-type"] ?? "application/octet-stream",
    "x-release": release,
    "x-slot": slot,
  });
  request.pipe(response);
};

const handle = (request, response) => {
  // A connection that was busy when the stop came closes with the end of its answer.
  response.on("finish", () => {
    if (stopping) setImmediate(() => server.closeIdleConnections());
  });
  const url = new URL(request.url ?? "/", "http://service");
  if (url.pathname === "/health") return json(response, 200, { ok: true });
  if (url.pathname === "/ready") return json(response, stopping ? 503 : 200, { ready: !stopping });
  setTimeout(() => {
    if (misbehave(response)) return;
    if (url.pathname === "/") json(response, 200, { release, slot });
    else if (url.pathname === "/page") answer(response, 200, "text/html", page());
    else if (url.pathname === "/stream") stream(request, response, url.searchParams);
    else if (url.pathname === "/echo") echo(request, response);
    else json(response, 404, { error: "there is nothing here", release, slot });
  }, behaviour.latencyMs);
};

const server = createServer(handle);
server.listen(Number(process.env.PORT ?? 8080), process.env.HOST ?? "127.0.0.1", () => {
  process.stdout.write(`${JSON.stringify({ listening: server.address().port, release, slot })}\n`);
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
