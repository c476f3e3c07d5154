// What the command line says about itself: `sluice … --help`, read. The documents are checked
// against this, so that they cannot name a command or an option that does not exist.

import { execFile } from "node:child_process";
import { join } from "node:path";

import { REPOSITORY } from "./run-process.ts";

export interface Help {
  /** Options that exist here: `--json`, `-h`. */
  readonly options: ReadonlySet<string>;
  /** Options that take a value. */
  readonly valued: ReadonlySet<string>;
  /** Commands below this one. */
  readonly commands: ReadonlySet<string>;
  /** From the usage line: how many arguments it needs and takes. */
  readonly least: number;
  readonly most: number;
}

const DEADLINE_MS = 30_000;

/** Throws where the program does not run. */
export const helpOf = async (path: readonly string[]): Promise<Help> => {
  const program = join(REPOSITORY, "bin/sluice.js");
  const text = await new Promise<string>((resolve, reject) => {
    const args = [program, ...path, "--help"];
    const env = { ...process.env, NO_COLOR: "1", COLUMNS: "200" };
    execFile(process.execPath, args, { timeout: DEADLINE_MS, env }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`sluice ${path.join(" ")} --help: ${stderr || error.message}`));
    });
  });
  return parseHelp(text);
};

/** Reads the layout that commander prints. */
export const parseHelp = (text: string): Help => {
  const rows = text.split("\n").map((line) => /^ {2}(-{0,2}[a-z][^\n]*)$/.exec(line)?.[1] ?? "");
  const options = rows.filter((row) => row.startsWith("-"));
  const names = (row: string): readonly string[] => row.match(/(?<=^|, )--?[a-z][\w-]*/g) ?? [];
  const valued = options.filter((row) => /^[^ ]+(, [^ ]+)? [<[]/.test(row));
  const usage = /^Usage: (.*)$/m.exec(text)?.[1] ?? "";
  const needed = usage.match(/<[^>]+>/g) ?? [];
  const optional = (usage.match(/\[[^\]]+\]/g) ?? []).filter(
    (word) => word !== "[options]" && word !== "[command]",
  );
  const variadic = [...needed, ...optional].some((word) => word.includes("..."));
  return {
    options: new Set(options.flatMap(names)),
    valued: new Set(valued.flatMap(names)),
    commands: new Set(commandRows(text)),
    least: needed.length,
    most: variadic ? Number.POSITIVE_INFINITY : needed.length + optional.length,
  };
};

/** Whatever stands two columns in and is no option; examples add words that do no harm. */
const commandRows = (text: string): readonly string[] =>
  Array.from(text.matchAll(/^ {2}([a-z][\w-]*)(?:\|([\w-]+))?/gm)).flatMap((row) =>
    row.slice(1).filter((name) => name !== undefined),
  );
