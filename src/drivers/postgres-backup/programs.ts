// Finding pg_dump and pg_restore, and seeing to it that they know the server: an older pg_dump may
// leave out what it does not know, so it is refused.

import { readdir, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { Refusal } from "../../core/refusal.ts";
import type { ServerVersion } from "./client.ts";
import { runProgram } from "./run-program.ts";

export interface Programs {
  readonly dump: string;
  readonly restore: string;
  readonly major: number;
  /** `15.18` */
  readonly version: string;
}

/** Where Debian, Red Hat and Homebrew keep one folder for each version. */
const VERSION_FOLDERS = [
  "/usr/lib/postgresql",
  "/usr/pgsql",
  "/opt/homebrew/opt",
  "/usr/local/opt",
];
const VERSION_MS = 10_000;

interface Search {
  /** Null: searched for. */
  readonly folder: string | null;
  readonly environment: Readonly<Record<string, string>>;
}

/** Throws a Refusal `pg-dump-missing` or `pg-dump-too-old`. Of several, the oldest that is new
 * enough: it is the server's own where that is there. */
export const programsFor = async (
  server: ServerVersion,
  search: Search,
  signal: AbortSignal,
): Promise<Programs> => {
  const folders = search.folder === null ? await searched(search) : [search.folder];
  const found: Programs[] = [];
  for (const folder of folders) {
    const programs = await programsIn(folder, search.environment, signal);
    if (programs !== null) found.push(programs);
  }
  const fitting = found
    .filter(({ major }) => major >= server.major)
    .toSorted((a, b) => a.major - b.major)[0];
  if (fitting !== undefined) return fitting;
  const install =
    `install PostgreSQL's client programs of version ${server.major} or newer ` +
    `(postgresql-client-${server.major}), or say where they are with backup.programs`;
  const where = search.folder ?? "PATH and the usual folders";
  if (found.length === 0) {
    const message = "pg_dump and pg_restore are not there";
    const hint = `${install}; the embedded PostgreSQL does not bring them`;
    throw new Refusal({ code: "pg-dump-missing", message, where, hint });
  }
  const versions = found.map(({ version }) => version).join(", ");
  const message =
    `the server is PostgreSQL ${server.text}, and pg_dump is ${versions}: ` +
    "an older one does not know all that a newer server keeps";
  throw new Refusal({ code: "pg-dump-too-old", message, where, hint: install });
};

const searched = async ({ environment }: Search): Promise<readonly string[]> => {
  const path = (environment["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const versions = await Promise.all(
    VERSION_FOLDERS.map(async (folder) =>
      (await readdir(folder).catch(() => [])).map((name) => join(folder, name, "bin")),
    ),
  );
  return [...new Set([...path, ...versions.flat()])];
};

/** Null: they are not in this folder, or are none of PostgreSQL's. */
const programsIn = async (
  folder: string,
  environment: Search["environment"],
  signal: AbortSignal,
): Promise<Programs | null> => {
  const dump = join(folder, "pg_dump");
  const restore = join(folder, "pg_restore");
  for (const program of [dump, restore]) {
    const found = await stat(program).catch(() => null);
    if (found?.isFile() !== true) return null;
  }
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(VERSION_MS)]);
  const told = await runProgram(
    { program: dump, args: ["--version"], environment },
    deadline,
  ).catch(() => null);
  signal.throwIfAborted();
  const version = /\(PostgreSQL\) (\d+)((?:\.\d+|devel|beta\d+|rc\d+)*)/.exec(told ?? "");
  if (version === null) return null;
  const [, major = "", minor = ""] = version;
  return { dump, restore, major: Number(major), version: `${major}${minor}` };
};
