// Asks the router over its Unix socket. What is decided here: the deadline of a call, and whether
// one that failed can have arrived. All of the router's operations may be repeated without harm.

import { Agent, type IncomingMessage, request } from "node:http";
import { join } from "node:path";

import { laneName, type LaneKey } from "../../core/lane.ts";
import type { Layout } from "../../layout/layout.ts";

/** The router answers from memory; only an order waits, for its disk. */
const DEADLINE_MS = 5_000;
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 32;

export interface Ask {
  readonly method: "GET" | "PUT";
  /** With its query, encoded already. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** No answer came. `sent` false: the request certainly did not arrive. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly sent: boolean;

  constructor(message: string, sent: boolean) {
    super(`the router: ${message}`);
    this.sent = sent;
  }
}

/** Rejects with NoAnswer only; any status is an answer. */
export type RouterClient = (ask: Ask) => Promise<Answer>;

export const routePath = (lane: LaneKey): string => `/routes/${encodeURIComponent(laneName(lane))}`;

export const routerClient = (layout: Layout): RouterClient => {
  const socketPath = join(layout.sockets, "router.sock");
  const agent = new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS });
  return async (ask) => {
    const signal = AbortSignal.any([ask.signal, AbortSignal.timeout(DEADLINE_MS)]);
    const kept = await attempt({ ...ask, signal }, socketPath, agent);
    // A connection kept from before the router was started again says nothing about the new one.
    const answer =
      kept.kind === "stale" ? await attempt({ ...ask, signal }, socketPath, false) : kept;
    if (answer.kind === "answer") return answer;
    throw new NoAnswer(answer.why, answer.kind === "stale" || answer.sent);
  };
};

type Attempt =
  | ({ readonly kind: "answer" } & Answer)
  | { readonly kind: "failed"; readonly why: string; readonly sent: boolean }
  | { readonly kind: "stale"; readonly why: string };

const attempt = (ask: Ask, socketPath: string, agent: Agent | false): Promise<Attempt> =>
  new Promise((resolve) => {
    let sent = false;
    const failed = (why: string): void => resolve({ kind: "failed", why, sent });
    if (ask.signal.aborted) return failed("its deadline had passed before it was asked");
    const body = ask.body === undefined ? "" : JSON.stringify(ask.body);
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
    };
    const { method, path, signal } = ask;
    const outgoing = request({ socketPath, method, path, headers, agent, signal });
    outgoing.on("socket", (socket) => {
      sent = !socket.connecting;
      if (!sent) socket.once("connect", () => (sent = true));
    });
    outgoing.on("error", (error) => {
      if (ask.signal.aborted) failed("no answer before the deadline");
      else if (outgoing.reusedSocket) resolve({ kind: "stale", why: error.message });
      else failed(error.message);
    });
    outgoing.on("response", (response) => {
      jsonOf(response).then(
        (json) => resolve({ kind: "answer", status: response.statusCode ?? 0, json }),
        (error: unknown) => failed(error instanceof Error ? error.message : String(error)),
      );
    });
    outgoing.end(body);
  });

const jsonOf = async (response: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error("its answer is too long");
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
};
