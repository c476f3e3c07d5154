// A command on a leash (leash.ts): run to its end, or ended when a signal says so, with the end of
// its output. Nothing of its process group is left afterwards.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { KILL_AFTER_MS } from "./leash.ts";
import type { Held } from "./leash.ts";
import { Tail } from "./tail.ts";

export interface Ended {
  /** In the shell's way for signals: 128 and the signal's number. */
  readonly code: number;
  /** True: it was told to end before it ended. */
  readonly cut: boolean;
  readonly output: Tail;
}

/** What was written before the end may still be under way in the pipe. */
const LAST_OUTPUT_MS = 200;
/** For the leash itself, beyond the time that it gives the command. */
const GRACE_MS = 2_000;
const KILLED = 128 + 9;

/** Rejects where not even the leash can be started. */
export const runHeld = async (
  held: Held,
  folder: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Ended> => {
  const script = join(import.meta.dirname, `leash${extname(import.meta.filename)}`);
  const leash = spawn(process.execPath, [script], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  const tail = new Tail();
  for (const output of [leash.stdout, leash.stderr]) {
    output.on("data", (chunk: Buffer) => tail.add(chunk));
  }
  // The leash may be gone before it has read everything; its exit says what happened.
  leash.stdin.on("error", () => undefined);
  leash.stdin.write(`${JSON.stringify(held)}\n`);
  const over = new AbortController();
  const loosen = (): void => {
    leash.stdin.end();
    setTimeout(() => over.signal.aborted || killGroup(leash), KILL_AFTER_MS + GRACE_MS).unref();
  };
  if (signal.aborted) loosen();
  signal.addEventListener("abort", loosen, { once: true, signal: over.signal });
  try {
    const closed = new Promise((resolve) => leash.once("close", resolve));
    const code = await exitOf(leash);
    const cut = signal.aborted;
    killGroup(leash);
    // Something that left the group may hold the pipe open for ever.
    await Promise.race([closed, sleep(LAST_OUTPUT_MS)]);
    return { code, cut, output: tail };
  } finally {
    over.abort();
    for (const pipe of [leash.stdin, leash.stdout, leash.stderr]) pipe.destroy();
  }
};

const exitOf = (leash: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    leash.once("error", reject);
    leash.once("exit", (code) => resolve(code ?? KILLED));
  });

const killGroup = ({ pid }: ChildProcess): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
};
