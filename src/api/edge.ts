// Requests that no route gets to see: broken off, not HTTP, in an encoding or of a method that is
// not there. Each is answered as every other mistake is, with a problem and its code.

import { STATUS_CODES } from "node:http";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { Refusal } from "../core/refusal.ts";
import { FOLLOW_PATH } from "./contract/routes.ts";
import type { Handler } from "./handler.ts";
import { METRICS_PATH, OPENAPI_PATH } from "./openapi.ts";
import { cutShort, problemOf } from "./problem.ts";

const unknownMethod = (): Refusal =>
  new Refusal({
    code: "unknown-method",
    message: "the request has a method that does not exist here",
    hint: `the routes there are, with their methods: ${OPENAPI_PATH}`,
  });

/** By what Node's parser says of it; everything else is `bad-http`. */
const BY_PARSER: Readonly<Record<string, () => Refusal>> = {
  HPE_INVALID_EOF_STATE: cutShort,
  ERR_HTTP_REQUEST_TIMEOUT: () =>
    new Refusal({
      code: "too-late",
      message: "the request did not arrive in time",
      hint: "send as much as Content-Length says, and at once",
    }),
  HPE_HEADER_OVERFLOW: () =>
    new Refusal({ code: "headers-too-large", message: "the request's headers are too large" }),
  HPE_INVALID_METHOD: unknownMethod,
};

/** Of a connection whose bytes could not be read as a request. */
export const clientRefusal = ({ code = "" }: { readonly code?: string | undefined }): Refusal =>
  BY_PARSER[code]?.() ??
  new Refusal({ code: "bad-http", message: "what was sent cannot be read as an HTTP request" });

/** Answers, where anybody still listens, and closes. */
export const answerClient =
  (newId: () => string) =>
  (error: NodeJS.ErrnoException, socket: Duplex): void => {
    if (error.code === "ECONNRESET" || !socket.writable) socket.destroy(error);
    else socket.end(rawProblem(clientRefusal(error), newId()), () => socket.destroy());
  };

const rawProblem = (refusal: Refusal, id: string): string => {
  const { problem } = problemOf(refusal, { id, about: "anything" });
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ""}`,
    "content-type: application/problem+json",
    `content-length: ${Buffer.byteLength(body)}`,
    "cache-control: no-store",
    "connection: close",
    "",
    body,
  ].join("\r\n");
};

/** What Node answers or drops by itself. */
export const guardConnections = (app: FastifyInstance, newId: () => string): void => {
  app.server.on("checkExpectation", (_: IncomingMessage, response) => {
    const message = "the request expects something other than 100-continue";
    const refusal = new Refusal({ code: "unknown-expectation", message });
    const { problem } = problemOf(refusal, { id: newId(), about: "anything" });
    const headers = { "content-type": "application/problem+json", connection: "close" };
    response.writeHead(problem.status, headers).end(JSON.stringify(problem));
  });
  app.server.on("connect", (_: IncomingMessage, socket: Duplex) => {
    socket.on("error", () => socket.destroy());
    socket.end(rawProblem(unknownMethod(), newId()));
  });
};

/** Bodies come as they are. */
export const requirePlainBody = (request: FastifyRequest, reply: FastifyReply): void => {
  const { "content-encoding": content = "", "transfer-encoding": transfer = "" } = request.headers;
  const isPlain = /^(?:|identity)$/iu.test(content.trim());
  if (isPlain && /^(?:|chunked)$/iu.test(transfer.trim())) return;
  void reply.header("accept-encoding", "identity");
  throw new Refusal({
    code: "unsupported-encoding",
    message: `expected a body without an encoding, found ${isPlain ? transfer : content}`.slice(
      0,
      200,
    ),
    hint: "send it as it is, without Content-Encoding",
  });
};

/** A path that is there, asked in another way; else a path that is not there. */
export const noSuchRoute = (handlers: readonly Handler[]) => {
  const routes: readonly { readonly method: string; readonly path: string }[] = [
    ...handlers.map(({ route }) => route),
    ...[FOLLOW_PATH, OPENAPI_PATH, METRICS_PATH].map((path) => ({ method: "GET", path })),
  ];
  const known = routes.map(({ method, path }) => ({
    method,
    pattern: new RegExp(`^${path.replaceAll(/:\w+/gu, "[^/]+")}$`, "u"),
  }));
  return (request: FastifyRequest, reply: FastifyReply): never => {
    const [path = ""] = request.url.split("?");
    const methods = known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (methods.length === 0) {
      throw new Refusal({
        code: "unknown-route",
        message: `there is no ${request.method} of this path`,
        hint: `the routes there are: ${OPENAPI_PATH}`,
      });
    }
    const allowed = [...new Set(methods)].toSorted().join(", ");
    void reply.header("allow", allowed);
    throw new Refusal({
      code: "method-not-allowed",
      message: `there is no ${request.method} of this path, only ${allowed}`,
      hint: `the routes there are, with their methods: ${OPENAPI_PATH}`,
    });
  };
};
