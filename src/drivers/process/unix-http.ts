// One HTTP request over a Unix socket. Decided here: whether a failed one can have reached the
// other side.

import { request } from "node:http";

export interface Ask {
  readonly socket: string;
  readonly method: "GET" | "PUT" | "POST";
  /** With its query, already encoded. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** No answer came. `sent` false: the request certainly did not arrive. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
  readonly sent: boolean;

  constructor(message: string, sent: boolean) {
    super(message);
    this.sent = sent;
  }
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Any status is an answer. Rejects with NoAnswer only. */
export const askUnix = (ask: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    let sent = false;
    const fail = (why: string): void => reject(new NoAnswer(why, sent));
    if (ask.signal.aborted) return fail("the deadline had passed before it was asked");
    const payload = ask.body === undefined ? null : Buffer.from(JSON.stringify(ask.body));
    const outgoing = request({
      socketPath: ask.socket,
      method: ask.method,
      path: ask.path,
      agent: false,
      signal: ask.signal,
      headers:
        payload === null
          ? {}
          : { "content-type": "application/json", "content-length": payload.length },
    });
    outgoing.on("socket", (socket) => socket.once("connect", () => (sent = true)));
    outgoing.on("error", (error) => {
      fail(ask.signal.aborted ? "no answer before the deadline" : error.message);
    });
    outgoing.on("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_ANSWER_BYTES) response.destroy(new Error("the answer is too long"));
        else chunks.push(chunk);
      });
      response.on("error", (error) => fail(error.message));
      response.on("close", () => fail("the answer broke off"));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") });
      });
    });
    outgoing.end(payload ?? undefined);
  });
