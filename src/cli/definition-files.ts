// Reads definitions from files and folders for the control plane to judge. Decided here: which
// files of a folder count, and how much is too much.

import { lstat, readdir, stat } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { SourceFile } from "../api/contract/definitions.ts";
import { DEFINITIONS_LIMIT_BYTES } from "../api/contract/protocol.ts";
import { CliFailure } from "./cli-failure.ts";
import { EXIT } from "./exit-code.ts";
import { readUpTo } from "./read-up-to.ts";

const EXTENSIONS = [".yaml", ".yml"];
/** Holidays that calendars name; sent along, but no definitions by themselves. */
const CALENDAR = ".ics";
const MOST_FILES = 2_000;
const MOST_DEPTH = 16;

/** Named files as they are; of folders every .yaml, .yml and .ics below, in order, without hidden
 * ones and without following links. Paths are given as seen from `cwd`. */
export const readDefinitions = async (
  paths: readonly string[],
  cwd: string,
): Promise<readonly SourceFile[]> => {
  const found: string[] = [];
  for (const path of paths) found.push(...(await definitionsAt(resolve(cwd, path), path, 0)));
  if (!found.some((path) => !path.endsWith(CALENDAR))) {
    throw bad(
      "no-definitions",
      `there is no ${EXTENSIONS.join(" or ")} file in ${paths.join(", ")}`,
    );
  }
  if (found.length > MOST_FILES)
    throw bad("too-large", `more than ${MOST_FILES} files of definitions`);
  const files: SourceFile[] = [];
  let bytes = 0;
  for (const path of [...new Set(found)].toSorted()) {
    const content = await readUpTo(path, DEFINITIONS_LIMIT_BYTES - bytes);
    bytes += content.length;
    if (bytes > DEFINITIONS_LIMIT_BYTES) {
      throw bad("too-large", `more than ${DEFINITIONS_LIMIT_BYTES / 1_048_576} MiB of definitions`);
    }
    files.push({ path: relative(cwd, path) || path, text: content.toString("utf8") });
  }
  return files;
};

const definitionsAt = async (
  path: string,
  named: string,
  depth: number,
): Promise<readonly string[]> => {
  // A link that somebody names is meant; one that lies in a folder is not followed.
  const entry = await (depth === 0 ? stat(path) : lstat(path)).catch(() => {
    throw new CliFailure(EXIT.notFound, { code: "no-such-file", message: `there is no ${named}` });
  });
  if (entry.isFile()) return depth === 0 || isDefinition(path) ? [path] : [];
  if (!entry.isDirectory() || depth > MOST_DEPTH) {
    if (depth === 0) throw bad("not-a-file", `${named} is neither a file nor a folder`);
    return [];
  }
  const names = (await readdir(path)).filter(
    (name) => !name.startsWith(".") && name !== "node_modules",
  );
  const below = await Promise.all(
    names.map((name) => definitionsAt(join(path, name), join(named, name), depth + 1)),
  );
  return below.flat();
};

const isDefinition = (path: string): boolean =>
  [...EXTENSIONS, CALENDAR].some((extension) => path.endsWith(extension));

const bad = (code: string, message: string): CliFailure =>
  new CliFailure(EXIT.usage, { code, message });
