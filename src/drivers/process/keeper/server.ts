// The keeper's HTTP on its Unix socket: requests in, JSON out. What can be asked is in routes.ts.

import { chmodSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { OrderUnreadable } from "./orders.ts";
import { Problem } from "./problem.ts";
import type { Note } from "./keeper.ts";

export interface Request {
  readonly method: string;
  /** Decoded segments of the path. */
  readonly path: readonly string[];
  readonly search: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

export type Response =
  | { readonly status: number; readonly json: unknown }
  | { readonly status: number; readonly text: string };

export type Handler = (request: Request) => Promise<Response>;

const MAX_BODY_BYTES = 4 * 1024 * 1024;
const MAX_CONNECTIONS = 256;
/** A request must have arrived within this time; its answer may take longer. */
const REQUEST_MS = 10_000;

/** Listens for the owner alone. Whoever calls holds the keeper's lock, so a socket that is there is
 * left over. */
export const serve = (socket: string, handler: Handler, note: Note): Promise<Server> => {
  const server = createServer({ requestTimeout: REQUEST_MS }, (incoming, outgoing) => {
    void reply(outgoing, answer(incoming, handler, note));
  });
  server.maxConnections = MAX_CONNECTIONS;
  rmSync(socket, { force: true });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(socket, () => {
      chmodSync(socket, 0o600);
      resolve(server);
    });
  });
};

const reply = async (outgoing: ServerResponse, answering: Promise<Response>): Promise<void> => {
  const response = await answering;
  const isText = "text" in response;
  const body = isText ? response.text : JSON.stringify(response.json);
  outgoing.writeHead(response.status, {
    "content-type": isText ? "text/plain; charset=utf-8" : "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  outgoing.end(body);
};

/** Never rejects. */
const answer = async (
  incoming: IncomingMessage,
  handler: Handler,
  note: Note,
): Promise<Response> => {
  try {
    const url = new URL(incoming.url ?? "/", "http://keeper");
    const path = url.pathname
      .split("/")
      .filter((each) => each !== "")
      .map(decodeURIComponent);
    const body = await bodyOf(incoming);
    return await handler({
      method: incoming.method ?? "GET",
      path,
      search: url.searchParams,
      body,
    });
  } catch (error) {
    if (error instanceof Problem) {
      return { status: error.status, json: { code: error.code, message: error.message } };
    }
    if (error instanceof URIError) {
      return {
        status: 400,
        json: { code: "invalid-request", message: "the path is not well encoded" },
      };
    }
    note("request.failed", { method: incoming.method, url: incoming.url, why: String(error) });
    const code = error instanceof OrderUnreadable ? "order-unreadable" : "keeper-failed";
    return {
      status: 500,
      json: { code, message: error instanceof Error ? error.message : String(error) },
    };
  }
};

const bodyOf = async (incoming: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) {
      throw new Problem(413, "too-large", `a body of more than ${MAX_BODY_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Problem(400, "invalid-json", "the body is not JSON");
  }
};
