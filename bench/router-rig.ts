// The processes that the router's benchmark is made of, each of its own: an origin, the embedded
// router, HAProxy and a load generator, with ports and folders of this run only.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const HAPROXY = "/usr/sbin/haproxy";
const ROUTER = fileURLToPath(new URL("../src/router/main.ts", import.meta.url));
const AUTOCANNON = fileURLToPath(import.meta.resolve("autocannon"));
const START_MS = 20_000;

/** Answers every request with 120 bytes, and listens on the port in its first argument. */
const ORIGIN = `
  const body = Buffer.alloc(120, "x");
  require("node:http").createServer({ keepAliveTimeout: 60000 }, (request, response) => {
    response.writeHead(200, { "content-type": "text/plain", "content-length": body.length });
    response.end(body);
  }).listen(Number(process.argv[1]), "127.0.0.1");`;

/** All threads it wants, connections to the origin kept and shared, as one would run it. */
const haproxyConfig = (port: number, origin: number): string => `
global
  maxconn 2000
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  http-reuse always
  option forwardfor
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server one 127.0.0.1:${origin}
`;

export interface Load {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
  /** Requests that failed or were not answered with 2xx. */
  readonly failed: number;
}

export class RouterRig {
  readonly #folder = mkdtempSync(join(tmpdir(), "sluice-bench-"));
  readonly #socket = join(this.#folder, "sockets", "router.sock");
  readonly #children: ChildProcess[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  routerPort = 0;
  /** Null: HAProxy is not installed. */
  haproxyPort: number | null = null;

  async start(): Promise<void> {
    const origin = await freePort();
    this.#run(process.execPath, "-e", ORIGIN, String(origin));
    await answering(origin);
    this.routerPort = await this.#startRouter(origin);
    if (!existsSync(HAPROXY)) return;
    this.haproxyPort = await freePort();
    const config = join(this.#folder, "haproxy.cfg");
    writeFileSync(config, haproxyConfig(this.haproxyPort, origin));
    this.#run(HAPROXY, "-db", "-q", "-f", config);
    await answering(this.haproxyPort);
  }

  async stop(): Promise<void> {
    this.#agent.destroy();
    const running = this.#children.filter(({ exitCode }) => exitCode === null);
    await Promise.all(
      running.map((child) => {
        const ended = once(child, "exit");
        child.kill("SIGKILL");
        return ended;
      }),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** GETs over 50 kept connections, from a process of its own. */
  async load(port: number, seconds: number): Promise<Load> {
    const args = [AUTOCANNON, "-j", "-n", "-c", "50", "-d", String(seconds)];
    const url = `http://127.0.0.1:${port}/`;
    const { stdout } = await promisify(execFile)(process.execPath, [...args, url], {
      timeout: seconds * 1000 + START_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    const result = JSON.parse(stdout) as {
      readonly "2xx": number;
      readonly duration: number;
      readonly errors: number;
      readonly non2xx: number;
      readonly latency: { readonly p99: number };
    };
    return {
      requestsPerSecond: result["2xx"] / result.duration,
      p99Ms: result.latency.p99,
      failed: result.errors + result.non2xx,
    };
  }

  /** Asks the router's control API; the text of the answer, which must be a good one. */
  async control(method: string, path: string, body?: unknown): Promise<string> {
    const text = body === undefined ? "" : JSON.stringify(body);
    const headers = { "content-length": Buffer.byteLength(text) };
    const sent = request({ socketPath: this.#socket, method, path, headers, agent: this.#agent });
    sent.setTimeout(START_MS, () => sent.destroy(new Error("the router does not answer")));
    sent.end(text);
    const [response] = await once(sent, "response");
    let answer = "";
    for await (const part of response) answer += String(part);
    if (response.statusCode !== 200) throw new Error(answer);
    return answer;
  }

  async #startRouter(origin: number): Promise<number> {
    const port = await freePort();
    this.#run(process.execPath, ROUTER, "--socket", this.#socket, "--state", this.#folder);
    const deadline = performance.now() + START_MS;
    while (!existsSync(this.#socket)) await pause(deadline, "the router did not start");
    const endpoints = [{ id: "one", host: "127.0.0.1", port: origin, draining: false }];
    await this.control("PUT", "/routes/bench/endpoints/blue", { epoch: 1, endpoints });
    await this.control("PUT", "/routes/bench", {
      generation: 1,
      listen: `127.0.0.1:${port}`,
      weights: { blue: 1000, green: 0 },
      sticky: null,
      timeouts: { connectMs: 1_000, responseMs: 30_000, idleMs: 30_000 },
    });
    return port;
  }

  #run(command: string, ...args: readonly string[]): void {
    this.#children.push(spawn(command, args, { stdio: "ignore" }));
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

const answering = async (port: number): Promise<void> => {
  const deadline = performance.now() + START_MS;
  const asked = async (): Promise<boolean> => {
    try {
      return (await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(1_000) })).ok;
    } catch {
      return false;
    }
  };
  while (!(await asked())) await pause(deadline, `nothing answers on port ${port}`);
};

const pause = async (deadline: number, what: string): Promise<void> => {
  if (performance.now() > deadline) throw new Error(what);
  await new Promise((resolve) => setTimeout(resolve, 20));
};
