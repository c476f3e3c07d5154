// Stands in for the router in the keeper's tests: takes endpoints with their epochs as the router
// does, and says that as many requests are in flight as a test tells it.
// `node fake-router.ts --socket FILE --state FOLDER`.

import { rmSync } from "node:fs";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

/** To be given to the keeper as its router's program. */
export const FAKE_ROUTER = import.meta.filename;

interface Sent {
  readonly epoch: number;
  readonly endpoints: readonly { readonly id: string }[];
}

type Answer = (
  method: string,
  path: readonly string[],
  body: unknown,
) => readonly [number, unknown];

const fakeRouter = (): Answer => {
  const slots = new Map<string, Sent>();
  const inFlight = new Map<string, number>();
  const endpointsOf = (lane: string, slot: string): readonly unknown[] =>
    (slots.get(`${lane}/${slot}`)?.endpoints ?? []).map((endpoint) => ({
      ...endpoint,
      inFlight: inFlight.get(endpoint.id) ?? 0,
    }));
  return (method, path, body) => {
    const [kind, lane = "", , slot = ""] = path;
    if (path.length === 0) return [200, { pid: process.pid }];
    if (kind === "in-flight" && method === "PUT") {
      inFlight.set(lane, Number(body));
      return [200, {}];
    }
    if (method === "PUT") {
      const sent = body as Sent;
      const held = slots.get(`${lane}/${slot}`)?.epoch ?? 0;
      if (sent.epoch < held) return [409, { code: "stale-epoch", message: "stale", held }];
      slots.set(`${lane}/${slot}`, sent);
      return [200, {}];
    }
    const endpoints = { blue: endpointsOf(lane, "blue"), green: endpointsOf(lane, "green") };
    return [200, { generation: 0, weights: { blue: 0, green: 0 }, listen: null, endpoints }];
  };
};

const listen = (socket: string, answer: Answer): void => {
  rmSync(socket, { force: true });
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
    request.on("end", () => {
      const path = (request.url ?? "").split("/").filter((each) => each !== "");
      const body: unknown = text === "" ? null : JSON.parse(text);
      const [status, json] = answer(request.method ?? "GET", path, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(json));
    });
  });
  server.listen(socket);
};

if (import.meta.main) {
  const { values } = parseArgs({
    options: { socket: { type: "string" }, state: { type: "string" } },
  });
  listen(values.socket ?? "", fakeRouter());
}
