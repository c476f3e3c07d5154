// One PostgreSQL process: starting and stopping it, and seeing to it that it does not outlive us.
// It is in a session of its own, so that Ctrl-C in a terminal reaches us first.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { handOver } from "./account.ts";
import { isAlive } from "./cluster.ts";
import type { Cluster } from "./cluster.ts";
import { clusterName } from "./leftover.ts";
import { SETTINGS } from "./settings.ts";

export interface Server {
  readonly pid: number;
  /** How the process ended: as it was told to, or by itself; null while it runs. */
  end(): "stopped" | "failed" | null;
}

const LOG_FILE = "server.log";
const MAX_LOG_BYTES = 5_000_000;
/** Out of a sound server's life: rolling back and writing out takes less. */
const FAST_STOP_MS = 5_000;
const IMMEDIATE_STOP_MS = 3_000;
const POLL_MS = 10;

/** Resolves once the process runs, which is before it takes connections. */
export const spawnServer = async (cluster: Cluster, sockets: string): Promise<Server> => {
  const { account, folder } = cluster;
  const handed = handOver(account, [folder, sockets]);
  const [data, socketFolder] = handed.paths;
  const log = openLog(folder);
  const options = { ...SETTINGS, unix_socket_directories: `"${socketFolder}"` };
  const child = spawn(
    cluster.binaries.postgres,
    [
      "-D",
      data ?? folder,
      "-c",
      `cluster_name=${clusterName(folder)}`,
      ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
    ],
    {
      ...account.credentials,
      cwd: "/",
      env: { LC_ALL: "C" },
      detached: true,
      stdio: ["ignore", log, log, ...handed.descriptors],
    },
  );
  let end: ReturnType<Server["end"]> = null;
  handed.close();
  closeSync(log);
  child.unref();
  const pid = child.pid;
  if (pid === undefined) throw ((await once(child, "error")) as [Error])[0];
  const watcher = watch(cluster, pid);
  child.once("exit", (code) => {
    end = code === 0 ? "stopped" : "failed";
    watcher.kill("SIGKILL");
  });
  return { pid, end: () => end };
};

/**
 * Stops the server when our end of the pipe closes, which even SIGKILL of us brings about: a shell
 * that waits for a line and, once there is none to come, asks for a fast shutdown.
 */
const watch = (cluster: Cluster, pid: number): ChildProcess => {
  const watcher = spawn("/bin/sh", ["-c", 'read -r _; kill -INT "$1"', "sh", String(pid)], {
    ...cluster.account.credentials,
    cwd: "/",
    env: {},
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Without it the next start finds a server that nobody owns, and stops it then.
  watcher.on("error", () => {});
  watcher.unref();
  (watcher.stdin as { unref?: () => void } | null)?.unref?.();
  return watcher;
};

/** The log is opened by us: its folder need not be reachable for the server. */
const openLog = (folder: string): number => {
  const file = join(folder, LOG_FILE);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat !== undefined && stat.size > MAX_LOG_BYTES) renameSync(file, `${file}.old`);
  return openSync(file, "a", 0o600);
};

export const logOf = (cluster: Cluster): string => join(cluster.folder, LOG_FILE);

/** Asks for a fast shutdown (open transactions are rolled back, all is written out), and only where
 * that does not end it for an immediate one, which the next start recovers from. */
export const stopServer = async (pid: number): Promise<void> => {
  if (await goneAfter(pid, "SIGINT", FAST_STOP_MS)) return;
  if (await goneAfter(pid, "SIGQUIT", IMMEDIATE_STOP_MS)) return;
  throw new Error(`PostgreSQL, process ${pid}, does not stop`);
};

const goneAfter = async (
  pid: number,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<boolean> => {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true;
    await sleep(POLL_MS);
  }
  return false;
};
