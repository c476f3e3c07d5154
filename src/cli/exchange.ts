// One HTTP request on a connection of its own. Plain node:http: it is there at once, and `status`
// must be.

import type { IncomingMessage } from "node:http";
import { HEARTBEAT_MS } from "../api/contract/protocol.ts";

export interface Wire {
  readonly url: URL;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** A text is JSON, bytes are what they are; null: none. */
  readonly body: string | Uint8Array | null;
  /** Until the head of the answer is there. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Throws where it is longer, or stops coming. */
  text(mostBytes: number): Promise<string>;
  /** Until the end or the signal; throws where nothing comes for three heartbeats. */
  chunks(signal: AbortSignal): AsyncGenerator<string>;
  close(): void;
}

const SILENCE_MS = 3 * HEARTBEAT_MS;

export const exchange = async (wire: Wire): Promise<Reply> => {
  // An import would load all that node:http can reach, WebSocket included, which takes 80 ms.
  const tls = wire.url.protocol === "https:";
  const send = process.getBuiltinModule(tls ? "node:https" : "node:http").request;
  const deadline = AbortSignal.timeout(wire.deadlineMs);
  const signal = AbortSignal.any([wire.signal, deadline]);
  const body = wire.body === null ? null : Buffer.from(wire.body);
  return new Promise((resolve, reject) => {
    const headers = {
      ...wire.headers,
      ...(body === null
        ? {}
        : { "content-type": mediaType(wire.body), "content-length": body.length }),
    };
    const request = send(new URL(wire.path, wire.url), {
      method: wire.method,
      headers,
      agent: false,
    });
    const stop = (): void => void request.destroy(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    request.once("error", reject);
    request.once("response", (message) => {
      signal.removeEventListener("abort", stop);
      resolve(replyOf(message));
    });
    if (signal.aborted) stop();
    else request.end(body ?? undefined);
  });
};

const mediaType = (body: Wire["body"]): string =>
  typeof body === "string" ? "application/json" : "application/octet-stream";

const replyOf = (message: IncomingMessage): Reply => {
  message.setTimeout(SILENCE_MS, () => message.destroy(new Error("silence")));
  message.setEncoding("utf8");
  return {
    status: message.statusCode ?? 0,
    text: async (mostBytes) => {
      let text = "";
      for await (const chunk of message) {
        text += chunk as string;
        if (text.length > mostBytes) throw new Error("too long an answer");
      }
      return text;
    },
    chunks: (signal) => chunksOf(message, signal),
    close: () => void message.destroy(),
  };
};

async function* chunksOf(message: IncomingMessage, signal: AbortSignal): AsyncGenerator<string> {
  const stop = (): void => void message.destroy();
  signal.addEventListener("abort", stop, { once: true });
  try {
    for await (const chunk of message) yield chunk as string;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
