// What an earlier PostgreSQL left in the cluster: nothing, files of a process that is gone (whose
// number another process may have by now), or a server that still runs.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { isAlive } from "./cluster.ts";
import { PORT } from "./settings.ts";

/** Shown in the server's command line: how a server of this very folder is told from others. */
export const clusterName = (folder: string): string =>
  `sluice-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}`;

/** The pid of the server that runs on this cluster; null: none does. */
export const runningServer = (folder: string): number | null => {
  const pid = notedPid(join(folder, PID_FILE));
  return pid !== null && isAlive(pid) && isServerOf(pid, folder) ? pid : null;
};

/** As the server itself has noted it. Asking it would cost it a process for each question. */
export const takesConnections = (folder: string): boolean =>
  readOrNull(join(folder, PID_FILE))?.split("\n")[STATUS_LINE]?.trim() === "ready";

const STATUS_LINE = 7;
const PID_FILE = "postmaster.pid";
const SOCKET_LOCK = `.s.PGSQL.${PORT}.lock`;

/** First line of both of PostgreSQL's lock files. */
const notedPid = (file: string): number | null => {
  const text = readOrNull(file);
  const pid = Number(text?.split("\n")[0] ?? 0);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
};

const readOrNull = (file: string): string | null => {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
};

const isServerOf = (pid: number, folder: string): boolean =>
  commandLine(pid).includes(clusterName(folder));

const commandLine = (pid: number): string => {
  const read = readOrNull(`/proc/${pid}/cmdline`);
  if (read !== null) return read;
  const ps = spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)], { encoding: "utf8" });
  return ps.stdout ?? "";
};

/** A number that no process ever has. */
const NO_PID = 2_147_483_646;

/**
 * PostgreSQL takes any live process with a noted number for its predecessor and gives up. Where the
 * number has gone to somebody else, it is overwritten. The files are kept, since one also names the
 * shared memory by which PostgreSQL finds out for itself whether anything still uses the cluster,
 * and whoever starts a server at this moment has noted a number that is its own.
 */
export const clearLeftovers = (folder: string, sockets: string): void => {
  for (const file of [join(folder, PID_FILE), join(sockets, SOCKET_LOCK)]) {
    const pid = notedPid(file);
    if (pid === null || !isAlive(pid) || isServerOf(pid, folder)) continue;
    const [, ...rest] = (readOrNull(file) ?? "").split("\n");
    writeFileSync(file, [String(NO_PID), ...rest].join("\n"));
  }
};
