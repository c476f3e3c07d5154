// The router's process. What is decided here: options, the order in which it comes up (lock, saved
// routes with their listeners, and only then the control socket), signals and exit codes.
//
//   node src/router/main.ts --socket PATH --state FOLDER [--metrics HOST:PORT] [--trust NETWORK]…
//
// Exit codes: 0 asked to end; 1 could not start; 2 wrong options; 3 the socket is taken.

import { flushCompileCache } from "node:module";
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { connect, type ListenOptions } from "node:net";
import { dirname } from "node:path";
import { parseArgs } from "node:util";

import { type ControlParts, controlServer, sendMetrics } from "./control.ts";
import { SHUTDOWN_MS } from "./limits.ts";
import { lockFolder } from "./lock.ts";
import { logToStderr as log } from "./log.ts";
import { splitListen } from "./parse.ts";
import { Peers } from "./peer.ts";
import { Registry } from "./registry.ts";
import { StateFile } from "./state-file.ts";

const USAGE =
  "usage: main.ts --socket PATH --state FOLDER [--metrics HOST:PORT] [--trust NETWORK]…";

interface Options {
  readonly socket: string;
  readonly state: string;
  readonly metrics: { readonly host: string; readonly port: number } | null;
  readonly peers: Peers;
}

/** Throws a TypeError for what cannot be understood. */
const readOptions = (args: string[]): Options => {
  const { values } = parseArgs({
    args,
    options: {
      socket: { type: "string" },
      state: { type: "string" },
      metrics: { type: "string" },
      trust: { type: "string", multiple: true, default: [] },
    },
  });
  const { socket, state, metrics, trust } = values;
  if (socket === undefined || state === undefined)
    throw new TypeError("--socket and --state are required");
  const address = metrics === undefined ? null : splitListen(metrics);
  if (metrics !== undefined && address === null)
    throw new TypeError(`--metrics: not host:port: ${metrics}`);
  return { socket, state, metrics: address, peers: new Peers(trust) };
};

const listening = (server: Server, options: ListenOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options, () => {
      server.off("error", reject);
      resolve();
    });
  });

/** True: somebody answers there. A socket that nobody listens on was left behind. */
const isTaken = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });

const openControl = async (parts: ControlParts, path: string): Promise<void> => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(path, { force: true });
  await listening(controlServer(parts), { path });
  chmodSync(path, 0o600);
};

/** Metrics are worth less than traffic: without their port the router runs all the same. */
const openMetrics = async (parts: ControlParts, address: Options["metrics"]): Promise<void> => {
  if (address === null) return;
  const server = createServer((request, response) => {
    if (request.method === "GET" && request.url === "/metrics") sendMetrics(parts, response);
    else response.writeHead(404).end();
  });
  await listening(server, address).catch((error: Error) => {
    log("metrics-not-open", { ...address, message: error.message });
  });
};

const run = async (options: Options): Promise<void> => {
  // Whatever is created here is for its owner's eyes only.
  process.umask(0o077);
  mkdirSync(options.state, { recursive: true, mode: 0o700 });
  const lock = lockFolder(options.state);
  if (lock === null || (await isTaken(options.socket))) {
    log("socket-taken", { socket: options.socket, state: options.state });
    process.exit(3);
  }
  const self = { startedAt: Date.now(), internalErrors: 0 };
  // One connection's failed assertion, in a library say, must not end everybody else's requests;
  // what it leaves hanging meets its deadline.
  process.on("uncaughtException", (error) => {
    self.internalErrors += 1;
    log("internal-error", { message: error.message, stack: error.stack });
  });
  const registry = new Registry({ file: new StateFile(options.state), peers: options.peers, log });
  await registry.load();
  const parts = { registry, process: self };
  await openControl(parts, options.socket);
  await openMetrics(parts, options.metrics);
  const end = (signal: NodeJS.Signals): void => {
    log("ending", { signal });
    rmSync(options.socket, { force: true });
    void registry.close(SHUTDOWN_MS).then(() => {
      lock.release();
      process.exit(0);
    });
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  log("ready", { pid: process.pid, socket: options.socket, routes: registry.known().length });
  // Otherwise only written at a peaceful exit, and the next start may follow a kill.
  flushCompileCache();
};

const start = async (): Promise<void> => {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(2);
  }
  try {
    await run(options);
  } catch (error) {
    log("cannot-start", { message: (error as Error).message, state: options.state });
    process.exit(1);
  }
};

await start();
