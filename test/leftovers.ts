// Finds what a test started and did not end, also what it put into a process group of its own: all
// of it has inherited a mark in its environment. Linux only; elsewhere nothing is ever found.

import { readdir, readFile } from "node:fs/promises";

/** The environment variable that carries a run's mark. */
export const MARK = "SLUICE_TEST_MARK";

/** A process on its way out when its parent ends is no leftover. */
const PATIENCE_MS = 2_000;
const LOOK_EVERY_MS = 100;

interface Found {
  readonly pid: number;
  readonly command: string;
}

/** Waits a moment for what is ending by itself, kills the rest and returns it. */
export const endLeftovers = async (mark: string): Promise<readonly string[]> => {
  const giveUpAt = performance.now() + PATIENCE_MS;
  let found = await marked(mark);
  while (found.length > 0 && performance.now() < giveUpAt) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    found = await marked(mark);
  }
  for (const one of found) kill(one.pid);
  return found.map((one) => `${one.pid} ${one.command}`);
};

const marked = async (mark: string): Promise<readonly Found[]> => {
  if (process.platform !== "linux") return [];
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => look(pid, mark)));
  return found.flatMap((one) => one ?? []);
};

const look = async (pid: number, mark: string): Promise<Found | null> => {
  try {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8");
    if (!environment.split("\0").includes(`${MARK}=${mark}`)) return null;
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8");
    return { pid, command: command.replaceAll("\0", " ").trim() };
  } catch {
    // It ended while we looked, or belongs to somebody else.
    return null;
  }
};

const kill = (pid: number): void => {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
};
