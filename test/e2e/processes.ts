// Every process of one data directory, found by the directory's path in its command line, working
// folder or environment: the control plane, PostgreSQL, the keeper, the router, instances. The
// path is a fresh temporary folder, so nobody else's process is ever among them. Linux only.

import { readFileSync, readdirSync, readlinkSync } from "node:fs";

export interface Found {
  readonly pid: number;
  readonly command: string;
}

export const processesOf = (folder: string): readonly Found[] =>
  process.platform === "linux"
    ? readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? look(Number(name), folder) : []))
    : [];

const look = (pid: number, folder: string): readonly Found[] => {
  const command = read(pid, "cmdline");
  // Without a command line: the kernel's own, or a corpse that nobody has buried yet.
  if (pid === process.pid || command === "") return [];
  const mentioned = [command, read(pid, "environ"), workingFolder(pid)];
  return mentioned.some((text) => text.includes(folder)) ? [{ pid, command }] : [];
};

/** Empty where it ended while we looked, or belongs to somebody else. */
const read = (pid: number, what: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${what}`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
};

const workingFolder = (pid: number): string => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return "";
  }
};

/** False: there is no such process any more. */
export const signalTo = (pid: number, signal: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
};

/** One that is being started while the first look is made is found by the next. */
const ROUNDS = 20;
const ROUND_MS = 50;

/** Kills what is there and waits until it is gone. Returns what there was. */
export const killAllOf = (folder: string): readonly Found[] => {
  const killed = new Map<number, Found>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = processesOf(folder);
    if (found.length === 0) break;
    for (const one of found) {
      signalTo(one.pid, "SIGKILL");
      killed.set(one.pid, one);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ROUND_MS);
  }
  return [...killed.values()];
};
