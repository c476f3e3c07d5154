// Runs one test file in a process of its own and reads from its events what came of each test.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Ended as EndedTest } from "./reporter.ts";
import { runProcess } from "./run-process.ts";
import type { Ended } from "./run-process.ts";
import { NOTHING, failed, sum } from "./tally.ts";
import type { Tally } from "./tally.ts";

const REPORTER = fileURLToPath(new URL("./reporter.ts", import.meta.url));

export const runFile = async (
  path: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Tally> => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-test-"));
  try {
    const events = join(folder, "events");
    const args = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${events}`, path];
    const ended = await runProcess({ args, timeoutMs, signal });
    const tests = await readEvents(events);
    const notes = tests.filter((test) => test.kind === "note").map((note) => note.text);
    const output = [...notes, ended.output].join("\n");
    return sum([
      ...tests.map((test) => tallyOf(path, test)),
      afterwards(path, { ...ended, output }, tests),
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A file that was cut short may have left half a line, or nothing at all. */
const readEvents = async (path: string): Promise<readonly EndedTest[]> => {
  const text = await readFile(path, "utf8").catch(() => "");
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line) => (line === "" ? [] : (JSON.parse(line) as EndedTest)));
};

const tallyOf = (file: string, test: EndedTest): Tally => {
  const title = [file, ...test.path].join(" › ");
  if (test.kind === "note") return NOTHING;
  if (test.kind === "passed") return { ...NOTHING, passed: 1 };
  if (test.kind === "failed") return failed(title, test.text);
  return { ...NOTHING, skips: [{ title, reason: test.text === "" ? "no reason" : test.text }] };
};

/** What is wrong with the file as a whole, beyond its tests. */
const afterwards = (path: string, ended: Ended, tests: readonly EndedTest[]): Tally => {
  if (ended.timedOut) return failed(path, `did not end in its time\n${ended.output}`);
  const anyFailed = tests.some((test) => test.kind === "failed");
  if (ended.code !== 0 && !anyFailed) {
    return failed(path, `ended with exit code ${ended.code}\n${ended.output}`);
  }
  if (tests.length === 0) return failed(path, `has no tests\n${ended.output}`);
  if (ended.leftovers.length > 0) {
    return failed(path, `left processes running:\n${ended.leftovers.join("\n")}`);
  }
  return NOTHING;
};
