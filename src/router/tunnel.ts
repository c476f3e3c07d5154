// Upgraded connections, WebSocket above all: the upgrade request is passed on, and once the
// instance has agreed, bytes go both ways until either side ends or both are silent for the idle
// time. An instance that declines has its answer passed back. Only a failed connection is tried
// elsewhere.

import { type ClientRequest, type IncomingMessage, request as httpRequest } from "node:http";
import { pipeline, type Duplex } from "node:stream";

import type { Expiring } from "./deadlines.ts";
import type { Endpoint } from "./endpoint.ts";
import { backwardHeaders } from "./headers.ts";
import type { Peer } from "./peer.ts";
import { rawAnswer, type Reason, statusOf } from "./reason.ts";
import type { Route } from "./route.ts";
import { type Destination, destinationOf } from "./serve.ts";

type Found = Extract<Destination, { kind: "found" }>;

/** `early` is what the client sent behind its request. */
export const tunnel = (
  route: Route,
  request: IncomingMessage,
  socket: Duplex,
  early: Buffer,
  peer: Peer,
): void => {
  socket.on("error", () => socket.destroy());
  const destination = destinationOf(route, request, peer, performance.now());
  if (destination.kind === "refused") return closeWith(socket, destination.reason);
  if (destination.head.body !== "none") return closeWith(socket, "bad-request");
  if (early.length > 0) socket.unshift(early);
  new Tunnel(route, destination, request.headers.upgrade ?? "", socket).begin();
};

class Tunnel implements Expiring {
  deadline = Infinity;
  readonly #route: Route;
  readonly #found: Found;
  readonly #protocol: string;
  readonly #client: Duplex;
  readonly #begun = performance.now();
  #endpoint: Endpoint;
  #upstream: ClientRequest | null = null;
  #phase: "connecting" | "waiting" | "open" | "over" = "connecting";
  #retried = false;

  constructor(route: Route, found: Found, protocol: string, client: Duplex) {
    this.#route = route;
    this.#found = found;
    this.#protocol = protocol;
    this.#client = client;
    this.#endpoint = found.endpoint;
  }

  begin(): void {
    this.#found.slot.stats.inFlight += 1;
    this.#route.deadlines.add(this);
    this.#client.on("close", () => this.#clientClosed());
    this.#connect();
  }

  expire(): void {
    switch (this.#phase) {
      case "connecting":
        return this.#connectFailed("connect-timeout");
      case "waiting":
        return this.#fail("response-timeout");
      case "open":
        return this.#end();
      case "over":
        return;
    }
  }

  #connect(): void {
    const { method, path, headers } = this.#found.head;
    const { host, port } = this.#endpoint.spec;
    this.#endpoint.inFlight += 1;
    this.deadline = performance.now() + this.#route.timeouts.connectMs;
    const own = ["connection", "Upgrade", "upgrade", this.#protocol];
    const upstream = httpRequest({
      host,
      port,
      method,
      path,
      headers: [...headers, ...own],
      agent: false,
    });
    this.#upstream = upstream;
    upstream.on("socket", (socket) => socket.once("connect", () => this.#connected()));
    upstream.on("upgrade", (answer, socket, early) => this.#agreed(answer, socket, early));
    upstream.on("response", (answer) => this.#declined(answer));
    upstream.on("error", () => {
      if (upstream !== this.#upstream) return;
      if (this.#phase === "connecting") this.#connectFailed("connect-failed");
      else if (this.#phase === "waiting") this.#fail("connection-lost");
    });
    upstream.end();
  }

  #connected(): void {
    if (this.#phase !== "connecting") return;
    this.#phase = "waiting";
    this.#endpoint.connected();
    this.deadline = performance.now() + this.#route.timeouts.responseMs;
  }

  #agreed(answer: IncomingMessage, upstream: Duplex, early: Buffer): void {
    upstream.on("error", () => upstream.destroy());
    this.#head(answer, [
      "connection",
      "Upgrade",
      "upgrade",
      answer.headers.upgrade ?? this.#protocol,
    ]);
    if (early.length > 0) this.#client.write(early);
    this.#client.on("data", () => this.#touch());
    upstream.on("data", () => this.#touch());
    this.#both(upstream);
  }

  #both(upstream: Duplex): void {
    let open = 2;
    const done = (error?: Error | null): void => {
      open -= 1;
      if (open > 0 && !error) return;
      upstream.destroy();
      this.#end();
    };
    pipeline(this.#client, upstream, done);
    pipeline(upstream, this.#client, done);
  }

  /** The end of the connection ends the body, whatever its length was said to be. */
  #declined(answer: IncomingMessage): void {
    this.#head(answer, ["connection", "close"]);
    answer.on("data", () => this.#touch());
    pipeline(answer, this.#client, () => this.#end());
  }

  #head(answer: IncomingMessage, connection: readonly string[]): void {
    const { slot, setCookie } = this.#found;
    const status = answer.statusCode ?? 502;
    const headers = [...backwardHeaders(answer.rawHeaders), ...connection];
    if (setCookie !== null) headers.push("set-cookie", setCookie);
    let text = `HTTP/1.1 ${status} ${answer.statusMessage ?? ""}\r\n`;
    for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
    this.#client.write(`${text}\r\n`, "latin1");
    slot.stats.answered(status, performance.now() - this.#begun);
    this.#phase = "open";
    this.#touch();
  }

  #touch(): void {
    this.deadline = performance.now() + this.#route.timeouts.idleMs;
  }

  #connectFailed(reason: Reason): void {
    const now = performance.now();
    this.#endpoint.connectFailed(now);
    const choice = this.#found.slot.choose(now, this.#endpoint);
    if (this.#retried || choice.kind === "none") return this.#fail(reason);
    this.#retried = true;
    this.#found.slot.stats.retried();
    const failed = this.#upstream;
    this.#upstream = null;
    failed?.destroy();
    this.#endpoint.inFlight -= 1;
    this.#endpoint = choice.endpoint;
    this.#connect();
  }

  #fail(reason: Reason): void {
    const waited = this.#phase === "connecting" ? null : performance.now() - this.#begun;
    this.#found.slot.stats.failed(statusOf(reason), reason, waited);
    this.#leave();
    closeWith(this.#client, reason);
  }

  #clientClosed(): void {
    if (this.#phase === "connecting" || this.#phase === "waiting") {
      this.#found.slot.stats.gaveUp(performance.now() - this.#begun);
    }
    this.#end();
  }

  #end(): void {
    this.#leave();
    this.#client.destroy();
  }

  #leave(): void {
    if (this.#phase === "over") return;
    this.#phase = "over";
    this.#route.deadlines.delete(this);
    this.#endpoint.inFlight -= 1;
    this.#found.slot.stats.inFlight -= 1;
    this.#upstream?.destroy();
  }
}

const closeWith = (socket: Duplex, reason: Reason): void => {
  socket.end(rawAnswer(reason), () => socket.destroy());
};
