// The follow route: the one answer that stays open. How many may be open at once is decided here.

import type { FastifyInstance } from "fastify";
import { Refusal } from "../core/refusal.ts";
import type { ApiMetrics } from "./api-metrics.ts";
import { FOLLOW_PATH } from "./contract/routes.ts";
import { streamRun } from "./follow.ts";
import { PARAMS, parsed } from "./input.ts";
import type { ApiParts } from "./parts.ts";
import { runNamed } from "./run-reference.ts";

/** Each costs a look at the database five times a second. */
const MOST_FOLLOWERS = 100;

export const addFollow = (
  app: FastifyInstance,
  parts: ApiParts,
  metrics: ApiMetrics,
  signal: AbortSignal,
): void => {
  let open = 0;
  const count = (change: 1 | -1): void => {
    open += change;
    metrics.followers(open);
  };
  app.get<{ readonly Params: { readonly run: string } }>(FOLLOW_PATH, async (request, reply) => {
    if (open >= MOST_FOLLOWERS) {
      throw new Refusal({
        code: "too-many-requests",
        message: `${MOST_FOLLOWERS} runs are being followed already`,
        hint: "stop following one, or ask for the run's state now and then",
      });
    }
    const { run } = await runNamed(parts, parsed(PARAMS.run, request.params.run, "path.run"));
    const headers = reply.getHeaders();
    reply.hijack();
    reply.raw.writeHead(200, { ...headers, "content-type": "text/event-stream" } as Record<
      string,
      string
    >);
    count(1);
    try {
      await streamRun(parts, run.id, reply.raw, signal);
    } catch (error) {
      parts.log.error({ err: error, request: request.id, run: run.id }, "following failed");
      reply.raw.destroy();
    } finally {
      count(-1);
    }
  });
};
