// The HTTP server around the route table: the order in which a request is judged (rate, host,
// token, actor, input), and how every answer leaves.

import helmet from "@fastify/helmet";
import rateLimit from "@fastify/rate-limit";
import fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../core/refusal.ts";
import { apiMetrics } from "./api-metrics.ts";
import type { ApiMetrics } from "./api-metrics.ts";
import { BODY_LIMIT_BYTES } from "./contract/protocol.ts";
import { answerClient, guardConnections, noSuchRoute, requirePlainBody } from "./edge.ts";
import type { Handler } from "./handler.ts";
import { HANDLERS } from "./handlers.ts";
import { METRICS_PATH, OPENAPI_PATH, openApi } from "./openapi.ts";
import type { ApiParts } from "./parts.ts";
import { cutShort, problemOf } from "./problem.ts";
import { addRoutes } from "./routing.ts";
import { addFollow } from "./following.ts";
import { requireHost, requireToken } from "./security.ts";

export interface ServerOptions {
  readonly token: string;
  /** Host names beyond the loopback's, lower-case, without port. */
  readonly allowedHosts: readonly string[];
  /** In ten seconds; 3,000 where nothing is said. */
  readonly mostRequests?: number;
  /** Aborted when the server stops: ends the streams. */
  readonly signal: AbortSignal;
}

/** More than any face needs; less than a loop gone wild. */
const REQUESTS_PER_WINDOW = 3_000;
const WINDOW_MS = 10_000;
/** Longer path parameters are no route; names that are only too long are told so. */
const MAX_PARAM_LENGTH = 512;
/** For the head and body of one request to arrive. */
const ARRIVAL_MS = 30_000;
/** Suggested to callers while the database is away. */
const RETRY_AFTER_S = 2;

export const buildServer = async (
  parts: ApiParts,
  options: ServerOptions,
): Promise<FastifyInstance> => {
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: ARRIVAL_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    genReqId: () => parts.world.newId(),
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // Told as a problem, as any other missing or foreign host is.
    http: { requireHostHeader: false },
    clientErrorHandler: answerClient(() => parts.world.newId()),
    frameworkErrors: (error, request, reply) => void sendProblem(parts, error, request, reply),
  });
  guardConnections(app, () => parts.world.newId());
  app.removeContentTypeParser("text/plain");
  const metrics = apiMetrics(parts.metrics);
  app.setErrorHandler((error, request, reply) => sendProblem(parts, error, request, reply));
  await app.register(helmet);
  await app.register(rateLimit, {
    max: options.mostRequests ?? REQUESTS_PER_WINDOW,
    timeWindow: WINDOW_MS,
    errorResponseBuilder: () =>
      new Refusal({ code: "too-many-requests", message: "too many requests; slow down" }),
  });
  app.addHook("onRequest", async (request, reply) => {
    void reply.header("cache-control", "no-store");
    requireHost(request.headers.host, options.allowedHosts);
    requireToken(request.headers.authorization, options.token);
    requirePlainBody(request, reply);
  });
  addMeasuring(app, metrics);
  const handlers = Object.values(HANDLERS);
  app.setNotFoundHandler(noSuchRoute(handlers));
  await addRoutes(app, parts, handlers);
  addFollow(app, parts, metrics, options.signal);
  addDocuments(app, parts);
  return app;
};

const addMeasuring = (app: FastifyInstance, metrics: ApiMetrics): void => {
  app.addHook("onResponse", async (request, reply) => {
    metrics.answered(
      request.routeOptions.url ?? "none",
      request.method,
      reply.statusCode,
      reply.elapsedTime,
    );
  });
};

const addDocuments = (app: FastifyInstance, parts: ApiParts): void => {
  app.get(OPENAPI_PATH, async () => openApi(HANDLERS));
  app.get(METRICS_PATH, async (_, reply) => {
    void reply.type(parts.metrics.contentType);
    return parts.metrics.metrics();
  });
};

const sendProblem = async (
  parts: ApiParts,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> => {
  const { about } = request.routeOptions.config as { readonly about?: Handler["about"] };
  const isCut = request.raw.destroyed && !request.raw.complete;
  const { problem, unexpected } = problemOf(isCut ? cutShort() : error, {
    id: request.id,
    about: about ?? "anything",
    bodyLimitBytes: request.routeOptions.bodyLimit,
  });
  if (unexpected) {
    const { method, id } = request;
    parts.log.error(
      { err: error, request: id, method, route: request.routeOptions.url },
      "request failed",
    );
  }
  if (problem.status === 503) void reply.header("retry-after", String(RETRY_AFTER_S));
  if (problem.status === 401) void reply.header("www-authenticate", "Bearer");
  await reply.code(problem.status).type("application/problem+json").send(JSON.stringify(problem));
};
