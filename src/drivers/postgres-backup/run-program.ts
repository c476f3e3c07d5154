// One of PostgreSQL's programs as a child: bytes in, bytes out, and an error with the end of what
// it complained of. It does not outlive its signal, nor us: its pipes break when we are gone.

import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { Refusal } from "../../core/refusal.ts";

export interface ProgramCall {
  readonly program: string;
  readonly args: readonly string[];
  /** All of it: the control plane's own is not passed on. */
  readonly environment: Readonly<Record<string, string>>;
}

const MAX_COMPLAINT = 4_000;
const MAX_TEXT_BYTES = 64_000_000;
const KILL_AFTER_MS = 5_000;

interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  /** Rejects unless it ended with 0: a Refusal `program-failed`, or the signal's reason. */
  readonly ended: Promise<void>;
  kill(): void;
}

const start = ({ program, args, environment }: ProgramCall, signal: AbortSignal): Running => {
  signal.throwIfAborted();
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { LC_ALL: "C", ...environment },
  });
  let complaint = "";
  child.stderr.on("data", (chunk: Buffer) => {
    complaint = (complaint + chunk.toString("utf8")).slice(-MAX_COMPLAINT);
  });
  // It may leave before it has read everything; its exit says what happened.
  child.stdin.on("error", () => undefined);
  const kill = (): void => {
    child.kill("SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS).unref();
  };
  signal.addEventListener("abort", kill, { once: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(notStarted(program, error)));
    child.once("close", (code, by) => {
      signal.removeEventListener("abort", kill);
      if (signal.aborted) reject(signal.reason as Error);
      else if (code === 0) resolve();
      else reject(failed(program, code ?? by ?? "nothing", complaint));
    });
  });
  // Who waits for it comes later.
  ended.catch(() => undefined);
  return { child, ended, kill };
};

const nameOf = (program: string): string => program.slice(program.lastIndexOf("/") + 1);

const notStarted = (program: string, error: Error): Refusal =>
  new Refusal({
    code: "program-failed",
    message: `${nameOf(program)} cannot be started: ${error.message}`,
    where: program,
  });

const failed = (program: string, code: number | string, complaint: string): Refusal => {
  const said = complaint.trim();
  return new Refusal({
    code: "program-failed",
    message: `${nameOf(program)} ended with ${code}${said === "" ? "" : `; it says: ${said}`}`,
    where: program,
  });
};

/** What it writes, all of it; nothing goes in. */
export const runProgram = async (call: ProgramCall, signal: AbortSignal): Promise<string> => {
  const parts: Uint8Array[] = [];
  let held = 0;
  for await (const part of outputOf(call, signal)) {
    held += part.length;
    if (held > MAX_TEXT_BYTES) throw new Error(`${call.program} writes without an end`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
};

/** As it is written. Ends only after the program has ended well, so whoever stores this has all of
 * it or gets the error. */
export const outputOf = async function* (
  call: ProgramCall,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { child, ended, kill } = start(call, signal);
  child.stdin.end();
  try {
    for await (const chunk of child.stdout) yield chunk as Uint8Array;
    await ended;
  } finally {
    if (child.exitCode === null) kill();
  }
};

/** Gives it these bytes; where they cannot be read to their end, it is ended before it could take
 * what came for the whole. What it writes is of no interest. */
export const feed = async (
  call: ProgramCall,
  bytes: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> => {
  const { child, ended, kill } = start(call, signal);
  child.stdout.resume();
  let over = false;
  const done = ended.finally(() => (over = true));
  done.catch(() => undefined);
  try {
    for await (const chunk of bytes) {
      // It may know enough already; the rest is read all the same, since reading it proves it.
      if (over || !child.stdin.writable || child.stdin.write(chunk)) continue;
      await Promise.race([
        once(child.stdin, "drain").catch(() => undefined),
        done.catch(() => undefined),
      ]);
    }
  } catch (error) {
    kill();
    await done.catch(() => undefined);
    throw error;
  }
  child.stdin.end();
  await done;
};
