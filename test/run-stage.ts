// Runs all checks of one stage and says how each went as it ends.

import { glob } from "node:fs/promises";

import { runFile } from "./run-file.ts";
import { REPOSITORY, runProcess } from "./run-process.ts";
import type { Command, Stage } from "./stages.ts";
import { NOTHING, failed, sum, totals } from "./tally.ts";
import type { Tally } from "./tally.ts";

export interface Selection {
  /** Only files whose path contains this; null: all of them, and the commands. */
  readonly text: string | null;
}

export const runStage = async (
  stage: Stage,
  selection: Selection,
  signal: AbortSignal,
): Promise<Tally> => {
  const { text } = selection;
  const commands = text === null ? stage.commands : [];
  const files = (await filesOf(stage)).filter((path) => text === null || path.includes(text));
  const missing = text === null && stage.files.length > 0 && files.length === 0;
  const checks = [
    ...commands.map((command) => () => told(command.title, runCommand(command, signal))),
    ...files.map((path) => () => told(path, runFile(path, stage.fileTimeoutMs, signal))),
  ];
  const tallies = await inTurns(stage.concurrency, checks);
  const nothing = `no file matches ${stage.files.join(", ")}`;
  return sum([...tallies, missing ? failed(stage.name, nothing) : NOTHING]);
};

/** In the order of the globs: where some take much longer than the rest, they come first. */
const filesOf = async (stage: Stage): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const pattern of stage.files) {
    const files = glob(pattern, { cwd: REPOSITORY, exclude: [...stage.except] });
    found.push(...(await Array.fromAsync(files)).toSorted());
  }
  return [...new Set(found)];
};

const runCommand = async (command: Command, signal: AbortSignal): Promise<Tally> => {
  const ended = await runProcess({ ...command, signal });
  if (ended.code === 0) return { ...NOTHING, passed: 1 };
  const how = ended.timedOut ? "did not end in its time" : `ended with exit code ${ended.code}`;
  return failed(command.title, `${how}\n${ended.output}`);
};

const told = async (title: string, running: Promise<Tally>): Promise<Tally> => {
  const start = performance.now();
  const tally = await running;
  const seconds = ((performance.now() - start) / 1_000).toFixed(1);
  const sign = tally.failures.length === 0 ? "✔" : "✖";
  console.log(`  ${sign} ${title}  ${totals(tally)}  ${seconds} s`);
  return tally;
};

/** `limit` at a time, in order; results in order too. */
export const inTurns = async (
  limit: number,
  checks: readonly (() => Promise<Tally>)[],
): Promise<readonly Tally[]> => {
  const results: Tally[] = [];
  const waiting = checks.entries();
  const lane = async (): Promise<void> => {
    for (const [at, check] of waiting) results[at] = await check();
  };
  await Promise.all(Array.from({ length: limit }, lane));
  return results;
};
