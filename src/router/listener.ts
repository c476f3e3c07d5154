// The client side of a route: an HTTP/1.1 server that bad clients cannot hurt. Limits, slow clients
// and nonsense are dealt with here; what is well-formed goes to serve.ts or tunnel.ts.

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

import {
  CLIENT_CHECK_MS,
  CLIENT_HEADERS_MS,
  CLIENT_KEEP_ALIVE_MS,
  MAX_CLIENT_CONNECTIONS,
  MAX_HEADER_BYTES,
} from "./limits.ts";
import type { Log } from "./log.ts";
import { splitListen } from "./parse.ts";
import type { Peers } from "./peer.ts";
import { rawAnswer, type Reason } from "./reason.ts";
import type { Listener, Route } from "./route.ts";
import { serve } from "./serve.ts";
import { tunnel } from "./tunnel.ts";

export interface ListenerParts {
  readonly peers: Peers;
  readonly log: Log;
}

/** Rejects with the error of listen(2), `EADDRINUSE` say. */
export const openListener = async (
  listen: string,
  route: Route,
  parts: ListenerParts,
): Promise<Listener> => {
  const address = splitListen(listen);
  if (address === null) throw new Error(`not host:port: ${listen}`);
  const server = serverOf(route, parts.peers);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: address.host, port: address.port, backlog: 1024 }, () => {
      server.off("error", reject);
      resolve();
    });
  });
  server.on("error", acceptFailed(route, parts.log));
  return { listen, close: (deadlineMs) => closeServer(server, deadlineMs) };
};

/** Too many open files, say: connections wait in the kernel until there is room. It may fail for
 * each of them, and is told only so often. */
const acceptFailed = (route: Route, log: Log): ((error: Error) => void) => {
  let silentUntil = 0;
  return ({ message }) => {
    const now = performance.now();
    if (now < silentUntil) return;
    silentUntil = now + ACCEPT_LOG_MS;
    log("accept-failed", { route: route.name, message });
  };
};

const ACCEPT_LOG_MS = 10_000;

const serverOf = (route: Route, peers: Peers): Server => {
  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: CLIENT_HEADERS_MS,
      // Uploads may take as long as they keep moving: see exchange.ts.
      requestTimeout: 0,
      keepAliveTimeout: CLIENT_KEEP_ALIVE_MS,
      connectionsCheckingInterval: CLIENT_CHECK_MS,
      noDelay: true,
      // It is, but by headers.ts: with our own answer, and counted.
      requireHostHeader: false,
      // Nobody understands HTTP/2 over this listener; such an offer is declined by ignoring it.
      shouldUpgradeCallback: (request) => !/^h2c?$/i.test(request.headers.upgrade ?? ""),
    },
    (request, response) => {
      const peer = peers.of(request.socket);
      peer.open += 1;
      response.on("close", peer.closed);
      serve(route, request, response, peer);
    },
  );
  server.maxConnections = MAX_CLIENT_CONNECTIONS;
  server.on("drop", () => (route.refused += 1));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    tunnel(route, request, socket, head, peers.of(request.socket));
  });
  server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
    refuse(route, socket, "bad-request");
  });
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    // An answer that is under way must not get another one into its middle.
    if (peers.of(socket as Socket).open > 0 || !socket.writable) socket.destroy();
    else refuse(route, socket, reasonOf(error));
  });
  return server;
};

const reasonOf = (error: NodeJS.ErrnoException): Reason => {
  if (error.code === "HPE_HEADER_OVERFLOW") return "headers-too-large";
  return error.code === "ERR_HTTP_REQUEST_TIMEOUT" ? "request-timeout" : "bad-request";
};

const refuse = (route: Route, socket: Duplex, reason: Reason): void => {
  route.refused += 1;
  socket.on("error", () => socket.destroy());
  socket.end(rawAnswer(reason), () => socket.destroy());
};

const IDLE_CHECK_MS = 50;

const closeServer = async (server: Server, deadlineMs: number): Promise<void> => {
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const closed = Promise.withResolvers<void>();
  // Upgraded connections are no longer the server's to close, and it would wait for them for ever.
  const deadline = setTimeout(() => {
    server.closeAllConnections();
    closed.resolve();
  }, deadlineMs);
  server.close(() => closed.resolve());
  await closed.promise;
  clearInterval(idle);
  clearTimeout(deadline);
};
