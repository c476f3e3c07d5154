// Runs one program to its end or its deadline: in a process group of its own, with nothing on its
// standard input, and with nothing of it left running afterwards.

import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { MARK, endLeftovers } from "./leftovers.ts";

export const REPOSITORY: string = fileURLToPath(new URL("..", import.meta.url));

/** Where Node keeps what it made of the source, by what is in it: hundreds of test files load the
 * same few hundred modules, and making them ready takes longer than most tests. The one that the
 * `sluice` command uses. */
const COMPILED = join(REPOSITORY, "node_modules/.cache/sluice");

/** Keeps the end of what a program prints; the beginning goes first. */
const MAX_OUTPUT_CHARS = 200_000;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 5_000;

export interface Ended {
  /** Null: a signal ended it. */
  readonly code: number | null;
  readonly timedOut: boolean;
  /** Standard output and standard error as they came. */
  readonly output: string;
  /** What it had started and left running, one line each. It has been ended. */
  readonly leftovers: readonly string[];
}

const NOT_STARTED: Ended = {
  code: null,
  timedOut: true,
  output: "was not started: the time for all of it was over, or somebody stopped it",
  leftovers: [],
};

export interface Program {
  /** Arguments to Node. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  /** Ends it before its time. */
  readonly signal: AbortSignal;
}

export const runProcess = async (program: Program): Promise<Ended> => {
  if (program.signal.aborted) return NOT_STARTED;
  const mark = randomUUID();
  const child = spawn(process.execPath, program.args, {
    cwd: REPOSITORY,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(mark),
  });
  let output = "";
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-MAX_OUTPUT_CHARS);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const deadline = AbortSignal.any([AbortSignal.timeout(program.timeoutMs), program.signal]);
  const end = (): void => endGroup(child.pid);
  deadline.addEventListener("abort", end);
  const code = await new Promise<number | null>((resolve) => {
    child.on("error", (error) => {
      output += error.message;
      resolve(null);
    });
    // Not "close": something left behind may hold the pipes open for ever.
    child.on("exit", (exitCode) => setImmediate(() => resolve(exitCode)));
  });
  deadline.removeEventListener("abort", end);
  const leftovers = await endLeftovers(mark);
  child.stdout.destroy();
  child.stderr.destroy();
  return { code, timedOut: deadline.aborted, output, leftovers };
};

const environment = (mark: string): NodeJS.ProcessEnv => {
  const inherited = { ...process.env };
  // Would make a test inside a test report to the outer one.
  delete inherited["NODE_TEST_CONTEXT"];
  delete inherited["FORCE_COLOR"];
  return {
    ...inherited,
    PATH: searchPath(),
    NO_COLOR: "1",
    NODE_COMPILE_CACHE: COMPILED,
    [MARK]: mark,
  };
};

/** Children that say `node` get the Node that the product runs on, however this was started. */
const searchPath = (): string => {
  const first = [join(REPOSITORY, "node_modules/.bin"), dirname(process.execPath)];
  return [...first, process.env["PATH"] ?? ""].join(delimiter);
};

const endGroup = (pid: number | undefined): void => {
  if (pid === undefined) return;
  signalGroup(pid, "SIGTERM");
  setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS).unref();
};

const signalGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone.
  }
};
