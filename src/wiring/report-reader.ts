// Reports come from anywhere. Each is read by a process of its own, with so much time and so much
// memory: a hostile one costs its sender a refusal, and nobody else anything. A thread would not
// do: its memory is bounded only for some kinds of values, and one that hangs cannot always be
// ended.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

import type { Evidence } from "../core/evidence/evidence.ts";
import type { DurationMs } from "../core/ids.ts";
import { Refusal } from "../core/refusal.ts";
import type { RefusalBody } from "../core/refusal.ts";
import type { Report, Reports } from "../ports/reports.ts";

/** What the process says. */
export type Reading =
  | { readonly kind: "read"; readonly evidence: Evidence }
  | { readonly kind: "refused"; readonly bodies: readonly RefusalBody[] };

interface ReaderOptions {
  /** Arguments for Node that start the reading. */
  readonly program: readonly string[];
  readonly deadlineMs: DurationMs;
  readonly memoryMb: number;
  /** Of all that it may say. */
  readonly answerBytes: number;
  /** Processes; who comes later waits for one. */
  readonly atOnce: number;
  /** Reports that may wait. */
  readonly waiting: number;
}

const OPTIONS: ReaderOptions = {
  program: [fileURLToPath(new URL("./report-program.ts", import.meta.url))],
  deadlineMs: 30_000,
  memoryMb: 512,
  answerBytes: 16 * 2 ** 20,
  atOnce: 2,
  waiting: 50,
};

export const reportReader = (options: Partial<ReaderOptions> = {}): Reports => {
  const settings = { ...OPTIONS, ...options };
  const queue: (() => void)[] = [];
  let busy = 0;
  return {
    read: async (report) => {
      if (busy < settings.atOnce) busy += 1;
      else if (queue.length < settings.waiting) await new Promise<void>((go) => queue.push(go));
      else throw refusal("too-many-reports", report);
      try {
        return evidenceOf(await readApart(settings, report), report);
      } finally {
        // The place goes over to whoever waits longest, or is free.
        const next = queue.shift();
        if (next === undefined) busy -= 1;
        else next();
      }
    },
  };
};

const evidenceOf = (text: string, report: Report): Evidence => {
  const reading = JSON.parse(text) as Reading;
  if (reading.kind === "read") return reading.evidence;
  const [first, ...others] = reading.bodies;
  throw first === undefined ? refusal("report-unreadable", report) : new Refusal(first, ...others);
};

const LONGEST_NAME = 1_000;
/** What Node ends with, or a shell says that it did, where there is no more memory. */
const ABORTED = 134;

const readApart = (settings: ReaderOptions, { name, bytes }: Report): Promise<string> =>
  new Promise((resolve, reject) => {
    const { deadlineMs, memoryMb, program } = settings;
    const called = name.replaceAll("\0", "").slice(-LONGEST_NAME);
    const args = [`--max-old-space-size=${memoryMb}`, ...program, called];
    // Nothing of what this process knows.
    const child = spawn(process.execPath, args, { env: {}, stdio: ["pipe", "pipe", "ignore"] });
    const parts: Buffer[] = [];
    let size = 0;
    let why: Code = "report-unreadable";
    const stop = (code: Code): void => {
      why = code;
      child.kill("SIGKILL");
    };
    const late = setTimeout(() => stop("report-too-slow"), deadlineMs);
    child.stdout.on("data", (part: Buffer) => {
      size += part.length;
      if (size > settings.answerBytes) stop("report-too-large");
      else parts.push(part);
    });
    child.once("error", () => {});
    // It may end before it has heard everything.
    child.stdin.on("error", () => {});
    child.stdin.end(bytes);
    child.once("close", (code, signal) => {
      clearTimeout(late);
      if (code === 0) return resolve(Buffer.concat(parts).toString("utf8"));
      const full = code === ABORTED || signal === "SIGABRT";
      reject(refusal(full ? "report-too-large" : why, { name, bytes }));
    });
  });

const SMALLER = "report each part by itself";
const SAYS = {
  "report-too-slow": { message: "reading the report took too long", hint: SMALLER },
  "report-too-large": { message: "the report has more in it than can be kept", hint: SMALLER },
  "report-unreadable": {
    message: "the report could not be read to its end",
    hint: "see that it is what its tool wrote",
  },
  "too-many-reports": {
    message: "too many reports are being read at this moment",
    hint: "try again in a few seconds",
  },
} as const;

type Code = keyof typeof SAYS;

const refusal = (code: Code, { name: where }: Report): Refusal =>
  new Refusal({ code, where, ...SAYS[code] });
