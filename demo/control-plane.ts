// The control plane of the demo: `sluice up` as a process of its own, and a small typed client of
// its API.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { pathTo } from "../src/api/contract/path-to.ts";
import { ACTOR_HEADER } from "../src/api/contract/protocol.ts";
import { ROUTES } from "../src/api/contract/routes.ts";
import type { Problem } from "../src/api/contract/problem.ts";
import type { ApiFile } from "../src/api/contract/protocol.ts";
import type { BodyOf, QueryOf, ReplyOf } from "../src/api/contract/route.ts";
import type { Routes } from "../src/api/contract/routes.ts";
import { layoutOf } from "../src/layout/layout.ts";

const BIN = join(import.meta.dirname, "..", "bin", "sluice.js");
const READY_MS = 20_000;
const CALL_MS = 15_000;
const STOP_MS = 20_000;
const POLL_MS = 25;
const MAX_WORDS = 4_000;

export interface ControlPlane {
  readonly api: Api;
  readonly dataDir: string;
  /** Ends it with its instances and router. */
  stop(): Promise<void>;
}

export type Api = <R extends keyof Routes>(
  route: R,
  given: {
    readonly params?: Readonly<Record<string, string>>;
    readonly query?: QueryOf<Routes[R]>;
    readonly body?: BodyOf<Routes[R]>;
  },
) => Promise<ReplyOf<Routes[R]>>;

/** Rejects with the control plane's own words when it does not come up. */
export const startControlPlane = async (dataDir: string): Promise<ControlPlane> => {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const log = join(dataDir, "control-plane.log");
  const output = openSync(log, "a", 0o600);
  const child = spawn(process.execPath, [BIN, "up", "--data-dir", dataDir, "--port", "0"], {
    stdio: ["ignore", output, output],
    detached: true,
  });
  closeSync(output);
  const file = await ready(child, layoutOf(dataDir).api, log);
  child.unref();
  return { api: apiOf(file), dataDir, stop: () => stopDemo(dataDir) };
};

const ready = async (child: ChildProcess, path: string, log: string): Promise<ApiFile> => {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    if (child.exitCode !== null) break;
    const file = await readFile(path, "utf8").then(
      (text) => JSON.parse(text) as ApiFile,
      () => null,
    );
    if (file === null) continue;
    const health = await apiOf(file)("health", {}).catch(() => null);
    if (health?.ready === true) return file;
  }
  child.kill("SIGTERM");
  const words = await readFile(log, "utf8");
  throw new Error(`the control plane did not come up:\n${words.slice(-MAX_WORDS)}`);
};

/** `sluice down --all`, the way a person would end it; nothing to end is fine. */
export const stopDemo = (dataDir: string): Promise<void> =>
  new Promise((resolve) => {
    const down = spawn(process.execPath, [BIN, "down", "--all", "--data-dir", dataDir], {
      stdio: "ignore",
      timeout: STOP_MS,
    });
    down.on("exit", () => resolve());
    down.on("error", () => resolve());
  });

export const apiOf =
  ({ url, token }: ApiFile, by: string = "demo"): Api =>
  async (name, given) => {
    const route = ROUTES[name];
    const path = pathTo(route.path as string, given.params ?? {}, given.query ?? {});
    const response = await fetch(new URL(path, url), {
      method: route.method,
      headers: {
        authorization: `Bearer ${token}`,
        [ACTOR_HEADER]: by,
        ...(route.method === "GET" ? {} : { "content-type": "application/json" }),
      },
      ...(route.method === "GET" ? {} : { body: JSON.stringify(given.body ?? {}) }),
      signal: AbortSignal.timeout(CALL_MS),
    });
    const reply: unknown = await response.json();
    if (!response.ok && name !== "health") throw new Error((reply as Problem).detail);
    return reply as ReplyOf<Routes[typeof name]>;
  };
