// The command line's outside: streams, environment, terminal, time. Stories hand in their own.

import { userInfo } from "node:os";
import type { SecretInput } from "./secret-input.ts";

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Name of the operating system's user; null where there is none. */
  userName(): string | null;
  /** Typed after the prompt, unseen, or piped in. */
  readSecret(prompt: string): Promise<SecretInput>;
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Aborted when the person interrupts, or the system asks to end. */
  readonly interrupted: AbortSignal;
}

export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  /** Cells and lines of the terminal now; null where it is none. */
  size(): { readonly columns: number; readonly rows: number } | null;
}

export const processIo = (): Io => {
  const interrupt = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, () => interrupt.abort());
  }
  // A reader that has gone (`sluice runs | head -1`) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    throw error;
  });
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    env: process.env,
    cwd: process.cwd(),
    userName: () => {
      try {
        return userInfo().username;
      } catch {
        return null;
      }
    },
    // Loaded here, as hardly any command asks.
    readSecret: async (prompt) => {
      const { readSecret } = await import("./secret-input.ts");
      return readSecret(prompt, process.stdin, (text) => void process.stderr.write(text));
    },
    now: Date.now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const timer = setTimeout(done, ms);
        signal.addEventListener("abort", done, { once: true });
        function done(): void {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          resolve();
        }
      }),
    interrupted: interrupt.signal,
  };
};

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  // A stream that is no terminal does not have it at all.
  isTTY: "isTTY" in stream && stream.isTTY,
  size: () => (stream.isTTY ? { columns: stream.columns, rows: stream.rows } : null),
});
