// One request through the router, from its head to the last byte of its answer. What is decided
// here: what may be sent twice, which deadline runs when, and whose failure a failure is.
//
// Sent a second time, once, to another instance of the same slot: any request whose connection
// could not be made, since no byte of it has left; and one without a body whose method is safe (RFC
// 9110, 9.2.1) when its connection broke before the answer began. Nothing else: a POST whose
// connection broke may have been carried out.

import type { IncomingMessage, ServerResponse } from "node:http";

import type { AnswerHead } from "./answer-head.ts";
import {
  CONNECT_TIMEOUT,
  type Connection,
  type Failure,
  type Order,
  type Receiver,
} from "./connection.ts";
import type { Expiring } from "./deadlines.ts";
import type { Endpoint } from "./endpoint.ts";
import { backwardHeaders, type OnwardHead } from "./headers.ts";
import { LINGER_MS } from "./limits.ts";
import { answer, type Reason, statusOf } from "./reason.ts";
import type { Route } from "./route.ts";
import type { Slot } from "./slot.ts";

const SAFE_METHODS: readonly string[] = ["GET", "HEAD", "OPTIONS", "TRACE"];
/** Errors of this process, not of the instance it wanted to reach. */
const OWN_FAULTS: readonly string[] = ["EMFILE", "ENFILE", "EADDRNOTAVAIL", "ENOBUFS"];

/** Answers up to this size are worth copying to save a system call. */
const SMALL_BYTES = 4 * 1024;

type Phase =
  /** No byte has left. */
  | "connecting"
  /** The request's body is on its way. */
  | "sending"
  /** All has been sent; the answer has not begun. */
  | "waiting"
  /** The answer's body is on its way. */
  | "answering"
  /** The answer is complete; the client has not read all of it. */
  | "flushing"
  | "over";

export interface Passing {
  readonly route: Route;
  readonly slot: Slot;
  readonly endpoint: Endpoint;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly head: OnwardHead;
  /** Value of a Set-Cookie header to add to the answer. */
  readonly setCookie: string | null;
  /** When the request's head was read, on the clock of performance.now(). */
  readonly begun: number;
}

export class Exchange implements Receiver, Expiring {
  deadline = Infinity;
  readonly #passing: Passing;
  readonly #order: Order;
  #endpoint: Endpoint;
  #connection: Connection | null = null;
  #phase: Phase = "connecting";
  #status = 0;
  #retried = false;
  #released = false;
  #bodyBegun = false;
  #paused = false;

  constructor(passing: Passing) {
    const { request, response, head, endpoint } = passing;
    const body = head.body === "none" ? null : { kind: head.body, from: request };
    this.#passing = passing;
    this.#order = { method: head.method, path: head.path, headers: head.headers, body };
    this.#endpoint = endpoint;
    response.on("close", () => this.#clientClosed());
    // A write that meets a connection just gone; what follows from it comes with `close`.
    response.on("error", ignore);
  }

  begin(): void {
    this.#passing.slot.stats.inFlight += 1;
    this.#passing.route.deadlines.add(this);
    this.#send();
  }

  begun(): void {
    this.#endpoint.connected();
    this.#phase = "sending";
    this.#touch();
  }

  moved(): void {
    if (this.#phase === "sending" || this.#phase === "answering") this.#touch();
  }

  sent(): void {
    if (this.#phase !== "sending") return;
    this.#phase = "waiting";
    this.deadline = performance.now() + this.#timeouts.responseMs;
  }

  head({ status, phrase, headers }: AnswerHead): void {
    const { response, route, slot, begun, setCookie } = this.#passing;
    const onward = backwardHeaders(headers);
    if (setCookie !== null) onward.push("set-cookie", setCookie);
    if (route.closing) onward.push("connection", "close");
    response.writeHead(status, phrase, onward);
    this.#status = status;
    this.#phase = "answering";
    this.#touch();
    slot.stats.answered(status, performance.now() - begun);
    // A head whose body is not here yet must not wait for it; otherwise both go out in one write.
    process.nextTick(flushHead, this);
  }

  data(chunk: Buffer): boolean {
    const { response } = this.#passing;
    const first = !this.#bodyBegun;
    this.#bodyBegun = true;
    this.#touch();
    // As a string a small first part goes out in one piece with the head; as bytes it would be a
    // second one, and gathering two costs the kernel a third more than writing one.
    const small = first && chunk.length <= SMALL_BYTES;
    const more = small ? response.write(chunk.toString("latin1"), "latin1") : response.write(chunk);
    if (!more) this.#resumeOnDrain();
    return more;
  }

  end(trailers: readonly string[]): void {
    const { response } = this.#passing;
    if (trailers.length > 0) response.addTrailers(pairsOf(trailers));
    response.end();
    this.#answered();
  }

  failed(failure: Failure): void {
    const { slot, response } = this.#passing;
    switch (this.#phase) {
      case "connecting":
        return this.#unreachable(failure.kind === "unreachable" ? failure.code : "");
      case "sending":
      case "waiting":
        return failure.kind === "garbled" ? this.#fail("bad-response") : this.#lost();
      case "answering":
        if (this.#status < 500) slot.stats.brokeOff();
        this.#end();
        response.destroy();
        return;
      case "flushing":
      case "over":
        return;
    }
  }

  /** Lets a head without a body go. */
  flush(): void {
    if (this.#phase === "answering" && !this.#bodyBegun) this.#passing.response.flushHeaders();
  }

  expire(): void {
    const { response, slot } = this.#passing;
    switch (this.#phase) {
      case "sending":
        // Either the instance takes no more of the body, or the client does not send it.
        return this.#fail(
          this.#connection?.isBlocked === true ? "idle-timeout" : "request-timeout",
        );
      case "waiting":
        return this.#fail("response-timeout");
      case "answering":
        // A client that does not read is not the instance's failure.
        if (!response.writableNeedDrain && this.#status < 500) slot.stats.brokeOff();
        this.#end();
        response.destroy();
        return;
      case "flushing":
        this.#end();
        response.destroy();
        return;
      case "connecting":
      case "over":
        return;
    }
  }

  get #timeouts(): { readonly responseMs: number; readonly idleMs: number } {
    return this.#passing.route.timeouts;
  }

  #resumeOnDrain(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#passing.response.once("drain", () => {
      this.#paused = false;
      this.#connection?.resume();
    });
  }

  #touch(): void {
    this.deadline = performance.now() + this.#timeouts.idleMs;
  }

  #send(): void {
    this.#endpoint.inFlight += 1;
    this.#connection = this.#endpoint.send(this.#order, this, this.#retried);
  }

  #unreachable(code: string): void {
    if (OWN_FAULTS.includes(code)) return this.#fail("overloaded");
    this.#endpoint.connectFailed(performance.now());
    this.#again(code === CONNECT_TIMEOUT ? "connect-timeout" : "connect-failed", this.#endpoint);
  }

  #lost(): void {
    const { method, body } = this.#order;
    const repeatable = body === null && SAFE_METHODS.includes(method);
    if (!repeatable) return this.#fail("connection-lost");
    // One that had been kept may just have been closed for age: that says nothing of the instance.
    const wasKept = (this.#connection?.uses ?? 0) > 1;
    this.#again("connection-lost", wasKept ? null : this.#endpoint);
  }

  /** Sends it a second time, to an instance other than `tried`; else answers with the reason. */
  #again(reason: Reason, tried: Endpoint | null): void {
    const { slot } = this.#passing;
    const choice = slot.choose(performance.now(), tried);
    if (this.#retried || choice.kind === "none") return this.#fail(reason);
    this.#retried = true;
    slot.stats.retried();
    this.#endpoint.inFlight -= 1;
    this.#endpoint = choice.endpoint;
    this.#phase = "connecting";
    this.deadline = Infinity;
    this.#send();
  }

  #fail(reason: Reason): void {
    const { response, request, slot, begun } = this.#passing;
    const waited = this.#phase !== "connecting";
    slot.stats.failed(statusOf(reason), reason, waited ? performance.now() - begun : null);
    this.#phase = "flushing";
    this.#connection?.abort();
    answer(response, reason, !request.complete);
    this.#answered();
  }

  /** The instance has nothing more to do with it; the client may have more to read, or to send. */
  #answered(): void {
    this.#phase = "flushing";
    this.#touch();
    this.#release();
    if (!this.#passing.request.complete) swallow(this.#passing.request);
  }

  /** The client's connection has closed, or the answer has gone out completely. */
  #clientClosed(): void {
    const { slot, begun } = this.#passing;
    switch (this.#phase) {
      case "connecting":
      case "sending":
      case "waiting":
        slot.stats.gaveUp(performance.now() - begun);
        return this.#end();
      case "answering":
      case "flushing":
        return this.#end();
      case "over":
        return;
    }
  }

  #release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#endpoint.inFlight -= 1;
    this.#passing.slot.stats.inFlight -= 1;
  }

  #end(): void {
    const unfinished = this.#phase !== "flushing";
    this.#phase = "over";
    this.#release();
    this.#passing.route.deadlines.delete(this);
    if (unfinished) this.#connection?.abort();
  }
}

const flushHead = (exchange: Exchange): void => exchange.flush();

const ignore = (): void => {};

const pairsOf = (flat: readonly string[]): [string, string][] => {
  const pairs: [string, string][] = [];
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at] ?? "", flat[at + 1] ?? ""]);
  return pairs;
};

/** Takes the rest of an upload that has been answered already: closing at once would reset the
 * connection under the answer. */
const swallow = (request: IncomingMessage): void => {
  request.resume();
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  request.once("close", () => clearTimeout(timer));
};
