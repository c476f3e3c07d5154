// Holds a command: reads what to run from the first line of standard input, runs it in the leash's
// own process group and leaves with its exit code. When standard input closes, because whoever
// asked for the command wants it to end or has died, the whole group gets SIGTERM and then SIGKILL.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";

export interface Held {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** All of its environment; the leash's own is not passed on. */
  readonly env: Readonly<Record<string, string>>;
}

export const KILL_AFTER_MS = 5_000;
/** As shells say that there is no such program. */
const NOT_FOUND = 127;

const hold = ({ command, env }: Held): void => {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { stdio: ["ignore", "inherit", "inherit"], env });
  child.once("error", (error) => {
    process.stderr.write(`${program} cannot be started: ${error.message}\n`);
    process.exit(NOT_FOUND);
  });
  child.once("exit", (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]);
  });
};

const endGroup = (): void => {
  process.kill(-process.pid, "SIGTERM");
  setTimeout(() => process.kill(-process.pid, "SIGKILL"), KILL_AFTER_MS);
};

const main = (): void => {
  // It goes to the whole group, and so to the leash as well.
  process.on("SIGTERM", () => undefined);
  const lines = createInterface({ input: process.stdin });
  lines.once("line", (line) => hold(JSON.parse(line) as Held));
  lines.once("close", endGroup);
};

if (import.meta.main) main();
