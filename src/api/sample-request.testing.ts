// Requests as the tests of the API send them: everything right unless a test says otherwise.

import type { FastifyInstance, InjectOptions } from "fastify";
import type { Problem } from "./contract/problem.ts";
import { sampleWorld } from "./sample-parts.testing.ts";
import type { SampleWorld } from "./sample-parts.testing.ts";
import { buildServer } from "./server.ts";

const TOKEN = "t".repeat(43);

export interface SampleApi extends AsyncDisposable, SampleWorld {
  readonly app: FastifyInstance;
  send(request: InjectOptions): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
  readonly problem: Problem;
}

export const sampleApi = async (
  world: SampleWorld = sampleWorld(),
  mostRequests = 1_000,
): Promise<SampleApi> => {
  const stopping = new AbortController();
  const app = await buildServer(world.parts, {
    token: TOKEN,
    allowedHosts: [],
    mostRequests,
    signal: stopping.signal,
  });
  const send = async (request: InjectOptions): Promise<Answer> => {
    const reply = await app.inject({
      ...request,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        host: "127.0.0.1:1",
        "sluice-actor": "alice",
        ...request.headers,
      },
    });
    const json: unknown = reply.headers["content-type"]?.toString().includes("json")
      ? reply.json()
      : reply.body;
    return { status: reply.statusCode, headers: reply.headers, json, problem: json as Problem };
  };
  const dispose = async (): Promise<void> => {
    stopping.abort();
    await app.close();
  };
  return { ...world, app, send, [Symbol.asyncDispose]: dispose };
};
