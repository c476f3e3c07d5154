// Puts a handler of the table behind its route: parse, act within the deadline, answer.

import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Actor } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import { ACTOR_HEADER } from "./contract/protocol.ts";
import type { Health } from "./contract/health.ts";
import type { Handler } from "./handler.ts";
import { parsed } from "./input.ts";
import type { ApiParts } from "./parts.ts";
import { actorOf } from "./security.ts";

/** Routes that take a file take it as it is, whatever its media type: a reader of reports goes by
 * what is in them. All others take JSON and nothing else. */
export const addRoutes = async (
  app: FastifyInstance,
  parts: ApiParts,
  handlers: readonly Handler[],
): Promise<void> => {
  const uploads = handlers.filter((handler) => handler.route.sends === "bytes");
  for (const handler of handlers) if (!uploads.includes(handler)) addRoute(app, parts, handler);
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_, body, done) => done(null, body));
    for (const handler of uploads) addRoute(scope, parts, handler);
  });
};

const addRoute = (app: FastifyInstance, parts: ApiParts, handler: Handler): void => {
  const { method, path, gives } = handler.route;
  app.route({
    method,
    url: path,
    bodyLimit: handler.bodyLimitBytes,
    config: { about: handler.about },
    handler: async (request, reply) => {
      const answer = await act(parts, handler, request);
      if (path === "/v1/health" && !(answer as Health).ready) void reply.code(503);
      if (gives !== undefined) void reply.type(`${gives}; charset=utf-8`);
      return answer;
    },
  });
};

const act = async (
  parts: ApiParts,
  handler: Handler,
  request: FastifyRequest,
): Promise<unknown> => {
  const by = askedBy(request);
  const params = parsed(handler.params, request.params, "path");
  const query = parsed(handler.query, request.query, "query");
  const body = parsed(handler.body, request.body ?? {}, "body");
  const signal = AbortSignal.timeout(handler.deadlineMs);
  const tooSlow = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(slow(handler.deadlineMs)), { once: true });
  });
  const asking = { params, query, body, by, signal, parts } as Parameters<Handler["handle"]>[0];
  return Promise.race([handler.handle(asking), tooSlow]);
};

/** Reading may be anonymous; changing anything may not. */
const askedBy = (request: FastifyRequest): Actor => {
  const by = actorOf(request.headers[ACTOR_HEADER]);
  if (by !== null) return by;
  if (request.method === "GET") return "somebody" as Actor;
  throw new Refusal({
    code: "no-actor",
    message: "the request does not say who asks",
    where: ACTOR_HEADER,
    hint: `send the header ${ACTOR_HEADER}`,
  });
};

const slow = (deadlineMs: number): Refusal =>
  new Refusal({
    code: "too-slow",
    message: `no answer was ready within ${deadlineMs / 1_000} s; what was begun may still go on`,
    hint: "look at how things are before asking again",
  });
