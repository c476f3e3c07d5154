// One Sluice of its own for a test: a temporary data directory, the control plane as a process that
// can be killed and started again, the command line as people use it, and an end without leftovers.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { apiOf } from "../../demo/control-plane.ts";
import type { Api } from "../../demo/control-plane.ts";
import type { ApiFile } from "../../src/api/contract/protocol.ts";
import { layoutOf } from "../../src/layout/layout.ts";
import type { Layout } from "../../src/layout/layout.ts";
import { killAllOf, processesOf, signalTo } from "./processes.ts";
import type { Found } from "./processes.ts";
import { until } from "./waiting.ts";

export const BIN: string = join(import.meta.dirname, "../../bin/sluice.js");

const READY_MS = 30_000;
const CLI_MS = 60_000;
/** What has been told to end needs a moment. */
const LEAVE_MS = 3_000;
const MAX_WORDS = 50_000;

/** What a command said before it ended. */
export interface Spoken {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Plane {
  /** Holds the data directory and all that a test writes; gone with close(). */
  readonly folder: string;
  readonly layout: Layout;
  /** Of the control plane that runs now; rejects while none does. */
  readonly api: Api;
  /** The same, in this person's name. */
  apiAs(who: string): Api;
  /** `sluice …` on this data directory, as `alice` where nobody else is named. */
  cli(args: readonly string[], as?: string): Promise<Spoken>;
  /** Starts `sluice up`; resolves when it is ready to work. */
  start(): Promise<void>;
  /** Starts it and does not wait. */
  launch(): void;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** What the control planes of this data directory printed, the end of it. */
  words(): string;
  /** `sluice down --all`; whatever is left after that is killed and returned. */
  close(): Promise<readonly Found[]>;
}

export interface PlaneOptions {
  /** Further arguments to `up`. */
  readonly up?: readonly string[];
  /** Another plane's, to be a further replica beside it. */
  readonly dataDir?: string;
}

/** A plane that has not been started. */
export const newPlane = async (options: PlaneOptions = {}): Promise<Plane> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-e2e-"));
  const layout = layoutOf(options.dataDir ?? join(folder, "data"));
  const stopListening = endWithUs(folder);
  let child: ChildProcess | null = null;
  let words = "";
  const api: Api = (route, given) => apiOf(apiFile(layout))(route, given);
  const apiAs = (who: string): Api => apiOf(apiFile(layout), who);
  const cli = (args: readonly string[], as = "alice"): Promise<Spoken> =>
    speak(args, { SLUICE_DATA_DIR: layout.dataDir, SLUICE_ACTOR: as });
  const launch = (): void => {
    const args = [BIN, "up", "--data-dir", layout.dataDir, "--port", "0", ...(options.up ?? [])];
    child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", (chunk: Buffer) => {
        words = (words + chunk.toString()).slice(-MAX_WORDS);
      });
    }
  };
  return {
    folder,
    layout,
    api,
    apiAs,
    cli,
    launch,
    words: () => words,
    start: async () => {
      launch();
      await ready(api, () => child?.exitCode ?? null, () => words);
    },
    kill: async () => {
      if (child !== null) await killed(child);
    },
    close: async () => {
      await cli(["down", "--all"]);
      const isGone = (): true | null => (processesOf(folder).length === 0 ? true : null);
      await until("all is gone", LEAVE_MS, isGone).catch(() => null);
      const left = killAllOf(folder);
      stopListening();
      await rm(folder, { recursive: true, force: true });
      return left;
    },
  };
};

/** A plane that is ready. */
export const openPlane = async (options: PlaneOptions = {}): Promise<Plane> => {
  const plane = await newPlane(options);
  try {
    await plane.start();
    return plane;
  } catch (error) {
    await plane.close();
    throw error;
  }
};

const apiFile = (layout: Layout): ApiFile =>
  JSON.parse(readFileSync(layout.api, "utf8")) as ApiFile;

const ready = async (
  api: Api,
  exitCode: () => number | null,
  words: () => string,
): Promise<void> => {
  const look = async (): Promise<true | "ended" | null> => {
    if (exitCode() !== null) return "ended";
    return (await api("health", {})).ready ? true : null;
  };
  const found = await until("sluice up is ready", READY_MS, look).catch((error: Error) => error);
  if (found !== true) throw new Error(`sluice up did not come up (${String(found)}):\n${words()}`);
};

const killed = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    if (child.pid !== undefined) signalTo(child.pid, "SIGKILL");
  });

/** Runs one command to its end; one that does not end is killed and has code null. */
export const speak = (
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Spoken> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "1", ...env },
      timeout: CLI_MS,
      killSignal: "SIGKILL",
    });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...said }));
  });

/** A test that is stopped from outside takes its processes with it. */
const endWithUs = (folder: string): (() => void) => {
  const end = (): void => {
    killAllOf(folder);
    process.exit(1);
  };
  process.once("SIGTERM", end).once("SIGINT", end);
  return () => process.off("SIGTERM", end).off("SIGINT", end);
};
