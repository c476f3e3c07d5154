// The log files of instances: rotated by size without the writers' help, kept for some time after
// their instance is gone, read from the end. Rotation copies the file and empties it, since the
// writer holds it open; what is written between the two (some milliseconds) is lost.

import { closeSync, copyFileSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { readdirSync, renameSync, rmSync, statSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import type { SlotName } from "../../../core/lane.ts";
import type { LogLimits } from "../../../core/runtime.ts";

/** Of instances that are gone, a lane keeps the logs of this many. */
const KEPT_LOGS_OF_GONE = 20;
export const MAX_TAIL_LINES = 10_000;
/** Keys in PEM have fewer. */
const MAX_SECRET_LINES = 100;
/** From one file no more than this is read, from the end. */
const MAX_TAIL_BYTES = 1024 * 1024;
/** All answers together. */
const MAX_TEXT_BYTES = 8 * 1024 * 1024;

/** `x.log` becomes `x.log.1`, that one `x.log.2`, and so on up to keepFiles. */
export const rotateLog = (path: string, limits: LogLimits): void => {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) <= limits.maxFileBytes) return;
  rmSync(`${path}.${limits.keepFiles}`, { force: true });
  for (let number = limits.keepFiles - 1; number >= 1; number -= 1) {
    if (statSync(`${path}.${number}`, { throwIfNoEntry: false }) === undefined) continue;
    renameSync(`${path}.${number}`, `${path}.${number + 1}`);
  }
  if (limits.keepFiles > 0) copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
};

interface LogFile {
  readonly path: string;
  readonly slot: string;
  readonly instance: string;
  readonly writtenAt: number;
}

/** Present files only, without rotated ones; the one last written to comes last. */
const logFiles = (folder: string): readonly LogFile[] => {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const [, slot, instance] = /^(blue|green)-([0-9a-f]+)\.log$/.exec(name) ?? [];
      const path = join(folder, name);
      const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
      if (slot === undefined || instance === undefined || written === undefined) return [];
      return [{ path, slot, instance, writtenAt: written }];
    })
    .toSorted((a, b) => a.writtenAt - b.writtenAt);
};

/** Removes the logs of the instances that have been gone longest. */
export const pruneLogs = (folder: string, living: ReadonlySet<string>): void => {
  const gone = logFiles(folder).filter(({ instance }) => !living.has(instance));
  for (const { path } of gone.slice(0, Math.max(0, gone.length - KEPT_LOGS_OF_GONE))) {
    for (const name of readdirSync(folder)) {
      if (name.startsWith(basename(path))) rmSync(join(folder, name), { force: true });
    }
  }
};

/** The last `tail` lines of each file that matches, as `instance | line`. `redact` sees them as
 * they were written: what goes over several lines would not be found behind the names. */
export const tailLogs = (
  folder: string,
  query: {
    readonly slot: SlotName | undefined;
    readonly instance: string | undefined;
    readonly tail: number;
  },
  redact: (text: string) => string,
): string => {
  const texts: string[] = [];
  let bytes = 0;
  for (const file of logFiles(folder).toReversed()) {
    if (query.slot !== undefined && file.slot !== query.slot) continue;
    if (query.instance !== undefined && file.instance !== query.instance) continue;
    const count = Math.min(query.tail, MAX_TAIL_LINES);
    // More than is told, since what goes over several lines must not be met half.
    const found = lastLines(file.path, count + MAX_SECRET_LINES);
    const lines = found.length === 0 ? [] : redact(found.join("\n")).split("\n").slice(-count);
    const text = lines.map((line) => `${file.instance} | ${line}\n`).join("");
    bytes += Buffer.byteLength(text);
    if (bytes > MAX_TEXT_BYTES) break;
    texts.unshift(text);
  }
  return texts.join("");
};

/** Goes back into the rotated file where the present one is shorter than asked for. */
const lastLines = (path: string, count: number): readonly string[] => {
  const lines = endOf(path);
  const older = lines.length < count ? endOf(`${path}.1`) : [];
  return [...older, ...lines].slice(-count);
};

const endOf = (path: string): readonly string[] => {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  const file = openSync(path, "r");
  try {
    const size = fstatSync(file).size;
    const start = Math.max(0, size - MAX_TAIL_BYTES);
    const buffer = Buffer.alloc(size - start);
    const read = readSync(file, buffer, 0, buffer.length, start);
    const lines = buffer.toString("utf8", 0, read).split("\n");
    if (lines.at(-1) === "") lines.pop();
    // The first line of a cut is a part of one.
    return start > 0 ? lines.slice(1) : lines;
  } finally {
    closeSync(file);
  }
};
