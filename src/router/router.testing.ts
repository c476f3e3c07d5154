// What the tests of the router share: a real router process on temporary folders, origins on
// ephemeral ports, and waiting for a condition instead of for time.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type RequestListener,
  type RequestOptions,
  type Server,
} from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";

const PATIENCE_MS = 15_000;

/** Polls until the condition gives something other than undefined and false. */
export const until = async <T>(
  what: string,
  condition: () => T | Promise<T>,
): Promise<NonNullable<T>> => {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = await condition();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

export const freePort = async (): Promise<number> => {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

export interface Ask {
  readonly port: number;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
  readonly agent?: Agent;
}

export const ask = ({
  port,
  path = "/",
  method = "GET",
  headers = {},
  body,
  agent,
}: Ask): Promise<Reply> =>
  replyTo(
    { host: "127.0.0.1", port, path, method, headers: { ...headers }, agent: agent ?? false },
    body,
  );

const replyTo = (options: RequestOptions, body?: string): Promise<Reply> =>
  new Promise((resolve, reject) => {
    // Node sends the body of a DELETE without any framing unless told its length.
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const headers = { ...(options.headers as Record<string, string>), ...length };
    const sent = request({ ...options, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
      response.on("error", reject);
    });
    sent
      .setTimeout(PATIENCE_MS, () => sent.destroy(new Error("no answer")))
      .on("error", reject)
      .end(body);
  });

export interface Origin {
  readonly port: number;
  readonly server: Server;
  stop(): Promise<void>;
}

export const startOrigin = async (
  t: TestContext,
  handler: RequestListener,
  port = 0,
): Promise<Origin> => {
  const server = createServer(handler).listen(port, "127.0.0.1");
  await once(server, "listening");
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  t.after(stop);
  return { port: (server.address() as AddressInfo).port, server, stop };
};

type Weights = { readonly blue: number; readonly green: number };

export interface RouteOptions {
  readonly listen?: string;
  readonly weights?: Weights;
  readonly generation?: number;
  readonly sticky?: { readonly cookie: string; readonly ttlMs: number } | null;
  readonly timeouts?: {
    readonly connectMs: number;
    readonly responseMs: number;
    readonly idleMs: number;
  };
}

/** A router process with its control API. Each instance may be stopped and started again. */
export class TestRouter {
  readonly folder = mkdtempSync(join(tmpdir(), "sluice-router-"));
  readonly socket = join(this.folder, "sockets", "router.sock");
  readonly state = join(this.folder, "state");
  process: ChildProcess | null = null;
  log = "";

  async start(...more: readonly string[]): Promise<void> {
    this.process = this.spawn(...more);
    this.process.stderr?.setEncoding("utf8").on("data", (part: string) => (this.log += part));
    this.log = "";
    await until("the router is ready", () => {
      if (this.process?.exitCode !== null) throw new Error(`the router ended: ${this.log}`);
      return this.log.includes('"ready"');
    });
  }

  spawn(...more: readonly string[]): ChildProcess {
    const main = fileURLToPath(new URL("./main.ts", import.meta.url));
    const args = [main, "--socket", this.socket, "--state", this.state, ...more];
    return spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.process;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill(signal);
    await ended;
  }

  async discard(): Promise<void> {
    await this.stop("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async control(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Json }> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const reply = await replyTo({ socketPath: this.socket, method, path, agent: false }, text);
    return { status: reply.status, body: JSON.parse(reply.text) as Json };
  }

  /** Sets a route on a free port, or on the one given, and returns the port. */
  async route(name: string, options: RouteOptions = {}): Promise<number> {
    const listen = options.listen ?? `127.0.0.1:${await freePort()}`;
    const reply = await this.control("PUT", `/routes/${name}`, {
      generation: options.generation ?? 1,
      listen,
      weights: options.weights ?? { blue: 1000, green: 0 },
      sticky: options.sticky ?? null,
      timeouts: options.timeouts ?? { connectMs: 1000, responseMs: 5000, idleMs: 5000 },
    });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply));
    return Number(listen.slice(listen.lastIndexOf(":") + 1));
  }

  /** `ports` of the instances; negative ones drain. */
  async endpoints(
    name: string,
    slot: "blue" | "green",
    ports: readonly number[],
    epoch = 1,
  ): Promise<void> {
    const endpoints = ports.map((port) => ({
      id: `i${Math.abs(port)}`,
      host: "127.0.0.1",
      port: Math.abs(port),
      draining: port < 0,
    }));
    const reply = await this.control("PUT", `/routes/${name}/endpoints/${slot}`, {
      epoch,
      endpoints,
    });
    if (reply.status !== 200) throw new Error(JSON.stringify(reply));
  }

  /** The newest sample of one reading over the last `window` milliseconds. */
  async reading(
    name: string,
    slot: string,
    metric: string,
    window = 60_000,
  ): Promise<{ value: number | null; count: number }> {
    const at = Date.now();
    const query = `slot=${slot}&from=${at}&to=${at}&step=1000&window=${window}&metric=${metric}`;
    const { body } = await this.control("GET", `/routes/${name}/series?${query}`);
    return (
      (body["series"] as Record<string, { value: number | null; count: number }[]>)[
        metric
      ]?.[0] ?? { value: null, count: -1 }
    );
  }
}

export type Json = Readonly<Record<string, unknown>>;
