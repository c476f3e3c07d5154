// The control API: JSON over HTTP on a Unix socket that only its owner can open. What is decided
// here: paths, bodies and status codes; the meaning is in registry.ts and series.ts.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

import { describe } from "./description.ts";
import { expose, type Process } from "./exposition.ts";
import {
  CONTROL_REQUEST_MS,
  MAX_CONTROL_BODY_BYTES,
  MAX_SAMPLES,
  RETAINED_SECONDS,
} from "./limits.ts";
import {
  parseEndpointList,
  parseGeneration,
  parseRouteName,
  parseRouteSpec,
  parseSlot,
  whole,
} from "./parse.ts";
import { invalid, Problem } from "./problem.ts";
import type { Registry } from "./registry.ts";
import { type Reading, READING_NAMES, readSeries } from "./series.ts";

/** Of this API. */
const VERSION = 1;

export interface ControlParts {
  readonly registry: Registry;
  readonly process: Process;
}

/** Not listening yet. */
export const controlServer = (parts: ControlParts): Server =>
  createServer({ requestTimeout: CONTROL_REQUEST_MS }, (request, response) => {
    void answer(parts, request, response);
  });

const answer = async (
  parts: ControlParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  try {
    const url = URL.parse(request.url ?? "/", "http://router");
    if (url === null) throw invalid("path", "a path", request.url);
    if (request.method === "GET" && url.pathname === "/metrics")
      return sendMetrics(parts, response);
    const operation = OPERATIONS.find(
      ({ method, path }) => method === request.method && path.test(url.pathname),
    );
    if (operation === undefined) {
      throw new Problem(404, "unknown-operation", `there is no ${request.method} ${url.pathname}`);
    }
    const groups = operation.path.exec(url.pathname)?.groups ?? {};
    const call: Call = { url, groups, body: () => bodyOf(request) };
    send(response, 200, await operation.run(parts, call));
  } catch (error) {
    const problem = error instanceof Problem ? error : internal(error);
    if (!response.headersSent) send(response, problem.status, problem);
  }
};

const internal = (error: unknown): Problem =>
  new Problem(500, "internal", error instanceof Error ? error.message : String(error));

interface Call {
  readonly url: URL;
  readonly groups: Readonly<Record<string, string | undefined>>;
  readonly body: () => Promise<unknown>;
}

interface Operation {
  readonly method: string;
  readonly path: RegExp;
  readonly run: (parts: ControlParts, call: Call) => unknown;
}

const nameIn = ({ groups }: Call): string => parseRouteName(groups["name"], "path");

const OPERATIONS: readonly Operation[] = [
  {
    method: "GET",
    path: /^\/$/,
    run: ({ registry, process: { startedAt } }) => ({
      pid: process.pid,
      version: VERSION,
      startedAt,
      routes: registry.known().map(({ name }) => name),
    }),
  },
  {
    method: "GET",
    path: /^\/routes\/(?<name>[^/]+)$/,
    run: ({ registry }, call) => describe(registry.get(nameIn(call))),
  },
  {
    method: "PUT",
    path: /^\/routes\/(?<name>[^/]+)$/,
    run: async ({ registry }, call) =>
      describe(await registry.setRoute(nameIn(call), parseRouteSpec(await call.body()))),
  },
  {
    method: "DELETE",
    path: /^\/routes\/(?<name>[^/]+)$/,
    run: async ({ registry }, call) => {
      const route = await registry.deleteRoute(nameIn(call), parseGeneration(await call.body()));
      return { name: route.name, generation: route.saved.generation, deleted: true };
    },
  },
  {
    method: "PUT",
    path: /^\/routes\/(?<name>[^/]+)\/endpoints\/(?<slot>[^/]+)$/,
    run: async ({ registry }, call) => {
      const slot = parseSlot(call.groups["slot"], "path");
      return describe(
        await registry.setEndpoints(nameIn(call), slot, parseEndpointList(await call.body())),
      );
    },
  },
  {
    method: "GET",
    path: /^\/routes\/(?<name>[^/]+)\/in-flight\/(?<id>[^/]+)$/,
    run: ({ registry }, call) => {
      const id = decoded(call.groups["id"] ?? "");
      return { id, inFlight: registry.get(nameIn(call)).inFlightAt(id) };
    },
  },
  {
    method: "GET",
    path: /^\/routes\/(?<name>[^/]+)\/series$/,
    run: (parts, call) => series(parts, call),
  },
];

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid("path", "percent-encoded UTF-8", text);
  }
};

const MAX_INSTANT = 8.64e15;

const series = ({ registry, process: { startedAt } }: ControlParts, call: Call): unknown => {
  const query = call.url.searchParams;
  const number = (key: string, least: number, most: number): number =>
    whole(
      /^[0-9]+$/.test(query.get(key) ?? "") ? Number(query.get(key)) : query.get(key),
      key,
      least,
      most,
    );
  const asked = {
    from: number("from", 0, MAX_INSTANT),
    to: number("to", 0, MAX_INSTANT),
    step: number("step", 1, MAX_INSTANT),
    window: number("window", 1, RETAINED_SECONDS * 1000),
    ...(query.has("since") ? { since: number("since", 0, MAX_INSTANT) } : {}),
  };
  if ((asked.to - asked.from) / asked.step >= MAX_SAMPLES) {
    throw new Problem(
      400,
      "too-many-samples",
      `a request may ask for at most ${MAX_SAMPLES} samples`,
    );
  }
  const readings = (query.get("metric") ?? "").split(",").map(readingNamed);
  const slot = registry.get(nameIn(call)).slots[parseSlot(query.get("slot") ?? undefined, "slot")];
  const now = Date.now();
  const read = readSeries(slot.stats.ring, asked, readings, { now, startedAt });
  return { now, startedAt, series: Object.fromEntries(read) };
};

const readingNamed = (name: string): Reading => {
  const reading = READING_NAMES.find((known) => known === name);
  if (reading === undefined) throw invalid("metric", `any of ${READING_NAMES.join(", ")}`, name);
  return reading;
};

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: an answer before it might never arrive.
    if (size <= MAX_CONTROL_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_CONTROL_BODY_BYTES) {
    const message = `a body may have at most ${MAX_CONTROL_BODY_BYTES} bytes`;
    throw new Problem(413, "too-large", message);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (error) {
    throw new Problem(400, "invalid-json", `the body is not JSON: ${(error as Error).message}`);
  }
};

const send = (response: ServerResponse, status: number, body: unknown): void => {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
};

export const sendMetrics = (
  { registry, process: self }: ControlParts,
  response: ServerResponse,
): void => {
  const text = expose(registry.known(), self, process.memoryUsage.rss());
  response.writeHead(200, {
    "content-type": "text/plain; version=0.0.4; charset=utf-8",
    "content-length": Buffer.byteLength(text),
  });
  response.end(text);
};
