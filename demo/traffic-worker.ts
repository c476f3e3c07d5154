// Sends requests at a fixed rate, whatever becomes of them (open loop): a slow service does not
// slow its users down, it only makes them wait. Runs in a thread of its own, so that the control
// plane's work does not show in what is measured. traffic.ts starts it.

import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { Pool } from "undici";

import { ROUTER_HEADER } from "../src/router/reason.ts";
import { createRecord } from "./traffic-record.ts";
import type { Reply } from "./traffic-verdict.ts";
import type { FromWorker, Orders, ToWorker } from "./traffic.ts";

const TICK_MS = 2;
/** After a stall of its own, this much of what was missed is sent at once and the rest is let go: a
 * burst would measure the generator, not the service. */
const MAX_CATCH_UP_MS = 20;
const TELL_EVERY_MS = 100;
const MAX_CONNECTIONS = 512;
/** Beyond this the machine, not the service, is what would be measured. */
const MAX_IN_FLIGHT = 20_000;

const run = async (port: NonNullable<typeof parentPort>, orders: Orders): Promise<void> => {
  const { url, requestsPerSecond, deadlineMs } = orders;
  const target = new URL(url);
  const path = target.pathname + target.search;
  const pool = new Pool(target.origin, {
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    connect: { timeout: deadlineMs },
  });
  const record = createRecord();
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();
  port.on("message", (message: ToWorker) => {
    if (message.kind === "mark") record.mark(message.at);
    else stopping.abort();
  });
  const tell = (): void => {
    const message: FromWorker = { kind: "stats", stats: record.stats(Date.now(), underWay.size) };
    port.postMessage(message);
  };

  const send = async (): Promise<void> => {
    const sentAt = performance.now();
    const { reply, release } =
      underWay.size < MAX_IN_FLIGHT ? await ask(pool, path, deadlineMs) : OVERFLOW;
    record.add({ reply, release, at: Date.now(), tookMs: performance.now() - sentAt });
  };
  const telling = setInterval(tell, TELL_EVERY_MS);
  const everyMs = 1_000 / requestsPerSecond;
  let nextAt = performance.now();
  while (!stopping.signal.aborted) {
    const lateMs = performance.now() - nextAt;
    record.late(Math.max(0, lateMs));
    if (lateMs > MAX_CATCH_UP_MS) nextAt += lateMs - MAX_CATCH_UP_MS;
    for (; nextAt <= performance.now(); nextAt += everyMs) {
      const sending = send().finally(() => underWay.delete(sending));
      underWay.add(sending);
    }
    await sleep(TICK_MS);
  }
  await Promise.all(underWay);
  clearInterval(telling);
  await pool.destroy();
  const message: FromWorker = { kind: "report", report: record.report(Date.now(), 0) };
  port.postMessage(message);
  port.close();
};

interface Outcome {
  readonly reply: Reply;
  readonly release: string | null;
}

const OVERFLOW: Outcome = {
  reply: { kind: "lost", why: `not sent: ${MAX_IN_FLIGHT} requests are waiting for an answer` },
  release: null,
};

const ask = async (pool: Pool, path: string, deadlineMs: number): Promise<Outcome> => {
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    const { statusCode, headers, body } = await pool.request({ method: "GET", path, signal });
    const bodyBytes = (await body.arrayBuffer()).byteLength;
    const release = headers["x-release"];
    return {
      reply: {
        kind: "answered",
        status: statusCode,
        fromRouter: headers[ROUTER_HEADER] !== undefined,
        bodyBytes,
      },
      release: typeof release === "string" ? release : null,
    };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { reply: { kind: "lost", why }, release: null };
  }
};

if (parentPort !== null) await run(parentPort, workerData as Orders);
