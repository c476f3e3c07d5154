// One connection to an instance: sends a request, streams its body and its answer with
// back-pressure, and is free for the next one when all of both has passed. What is decided here:
// what kind of failure a failure is, and when a connection may be used again.

import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

import type { AnswerHead } from "./answer-head.ts";
import { AnswerParser, type AnswerSink } from "./answer-parser.ts";

export interface Order {
  readonly method: string;
  readonly path: string;
  /** Flat; without what frames the body, but for Content-Length. */
  readonly headers: readonly string[];
  readonly body: { readonly kind: "length" | "chunked"; readonly from: IncomingMessage } | null;
}

export type Failure =
  /** No connection was made: nothing has been sent. */
  | { readonly kind: "unreachable"; readonly code: string }
  /** It ended before the answer did. */
  | { readonly kind: "broke" }
  /** What came is not an answer. */
  | { readonly kind: "garbled" };

/** Code of a connection that was not made in time. */
export const CONNECT_TIMEOUT = "CONNECT_TIMEOUT";

/** Told what happens to its request. After `end` or `failed` nothing more comes. */
export interface Receiver {
  /** Connected; the head is about to leave. */
  begun(): void;
  /** A part of the body has left. */
  moved(): void;
  /** All of the request has left. */
  sent(): void;
  head(head: AnswerHead): void;
  /** False: no more for now, until resume(). */
  data(chunk: Buffer): boolean;
  /** Trailers, flat. */
  end(trailers: readonly string[]): void;
  failed(failure: Failure): void;
}

/** Whose connection it is. */
export interface Owner {
  /** It may be used again. */
  idle(connection: Connection): void;
  gone(connection: Connection): void;
}

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly connectMs: number;
}

export class Connection implements AnswerSink {
  /** Since when it has been idle, on the clock of performance.now(). */
  idleSince = 0;
  /** How long the instance keeps it when idle, where it has said. */
  keepAliveMs: number | null = null;
  /** Requests begun on it. */
  uses = 0;
  readonly #socket: Socket;
  readonly #owner: Owner;
  #code: string | null = null;
  #order: Order | null = null;
  #receiver: Receiver | null = null;
  #parser: AnswerParser | null = null;
  #sentAll = false;
  #keepsAlive = false;

  constructor({ host, port, connectMs }: Address, owner: Owner) {
    this.#owner = owner;
    const socket = connect({ host, port, noDelay: true, keepAlive: true });
    this.#socket = socket;
    const timer = setTimeout(() => {
      this.#code = CONNECT_TIMEOUT;
      socket.destroy();
    }, connectMs);
    socket.once("connect", () => {
      clearTimeout(timer);
      if (this.#order !== null) this.#begin(this.#order);
    });
    socket.on("data", (bytes: Buffer) => this.#arrived(bytes));
    socket.on("drain", () => this.#order?.body?.from.resume());
    socket.on("end", () => this.#ended());
    socket.on("error", (error: NodeJS.ErrnoException) => (this.#code ??= error.code ?? ""));
    socket.on("close", () => {
      clearTimeout(timer);
      this.#closed();
    });
  }

  /** Only while idle or new. */
  send(order: Order, receiver: Receiver): void {
    this.#order = order;
    this.#receiver = receiver;
    this.#sentAll = false;
    this.#keepsAlive = false;
    if (!this.#socket.connecting) this.#begin(order);
  }

  /** Gives the request up; its receiver hears nothing more. */
  abort(): void {
    this.#leave();
    this.#socket.destroy();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** True: the instance takes no more of the body for now. */
  get isBlocked(): boolean {
    return this.#socket.writableNeedDrain;
  }

  head(head: AnswerHead): void {
    this.#keepsAlive = head.keepsAlive;
    this.keepAliveMs = head.keepAliveMs;
    this.#receiver?.head(head);
  }

  data(chunk: Buffer): void {
    if (this.#receiver?.data(chunk) === false) this.#socket.pause();
  }

  end(trailers: readonly string[]): void {
    this.#receiver?.end(trailers);
    this.#leave();
  }

  #begin(order: Order): void {
    const receiver = this.#receiver;
    this.uses += 1;
    this.#parser = new AnswerParser(this, order.method === "HEAD");
    receiver?.begun();
    this.#socket.write(headOf(order), "latin1");
    if (order.body === null) this.#allSent();
    else order.body.from.on("data", this.#pass).on("end", this.#passed);
  }

  readonly #pass = (part: Buffer): void => {
    const socket = this.#socket;
    const body = this.#order?.body;
    let more: boolean;
    if (body?.kind === "chunked") {
      socket.cork();
      socket.write(`${part.length.toString(16)}\r\n`, "latin1");
      socket.write(part);
      more = socket.write("\r\n", "latin1");
      socket.uncork();
    } else more = socket.write(part);
    this.#receiver?.moved();
    if (!more) body?.from.pause();
  };

  readonly #passed = (): void => {
    if (this.#order?.body?.kind === "chunked") this.#socket.write("0\r\n\r\n", "latin1");
    this.#allSent();
  };

  #allSent(): void {
    this.#sentAll = true;
    this.#receiver?.sent();
  }

  #arrived(bytes: Buffer): void {
    const parser = this.#parser;
    // Nobody asked: whatever it is, it must not become the answer to the next request.
    if (parser === null) return void this.#socket.destroy();
    try {
      parser.push(bytes);
    } catch {
      this.#socket.destroy();
      this.#leave()?.failed({ kind: "garbled" });
      return;
    }
    if (parser.isDone) this.#finish();
  }

  /** The whole answer has come. */
  #finish(): void {
    this.#parser = null;
    if (!this.#keepsAlive || !this.#sentAll || this.#socket.destroyed) {
      this.#socket.destroy();
      return;
    }
    this.#socket.resume();
    this.#owner.idle(this);
  }

  #ended(): void {
    try {
      if (this.#parser?.close() === true) this.#finish();
    } finally {
      this.#socket.destroy();
    }
  }

  #closed(): void {
    this.#owner.gone(this);
    const begun = this.#parser !== null;
    const code = this.#code ?? "";
    this.#leave()?.failed(begun ? { kind: "broke" } : { kind: "unreachable", code });
  }

  /** Takes the request off the connection. */
  #leave(): Receiver | null {
    const receiver = this.#receiver;
    this.#order?.body?.from.off("data", this.#pass).off("end", this.#passed);
    this.#order = null;
    this.#receiver = null;
    return receiver;
  }
}

const headOf = ({ method, path, headers, body }: Order): string => {
  let text = `${method} ${path} HTTP/1.1\r\n`;
  for (let at = 0; at < headers.length; at += 2) text += `${headers[at]}: ${headers[at + 1]}\r\n`;
  if (body?.kind === "chunked") text += "transfer-encoding: chunked\r\n";
  return `${text}connection: keep-alive\r\n\r\n`;
};
