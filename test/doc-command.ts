// Whether a command line of the documents could be carried out: the program exists, the command
// exists, it has those options, and takes that many arguments.

import { wordsOf } from "./doc-blocks.ts";
import type { Help } from "./sluice-help.ts";

/** Programs that a reader may be expected to have. */
const USUAL: ReadonlySet<string> = new Set(["cd", "curl", "echo", "git", "mkdir", "node"]);
const NPM: ReadonlySet<string> = new Set(["ci", "test", "start", "run"]);

export interface Known {
  /** Names of package.json's scripts. */
  readonly scripts: ReadonlySet<string>;
  help(path: readonly string[]): Promise<Help>;
}

/** Null: nothing is wrong with it. */
export const wrongWith = async (command: string, known: Known): Promise<string | null> => {
  const [program = "", ...args] = wordsOf(command);
  if (program === "npx" && args[0] === "sluice") return wrongWithSluice(args.slice(1), known);
  if (program === "sluice") return wrongWithSluice(args, known);
  if (program === "npm") return wrongWithNpm(args, known);
  return USUAL.has(program) ? null : `who has the program ${program}?`;
};

const wrongWithNpm = (args: readonly string[], known: Known): string | null => {
  const [verb = "", name = ""] = args;
  if (!NPM.has(verb)) return `npm ${verb} is nothing that this repository needs`;
  const script = verb === "run" ? name : verb;
  return verb === "ci" || known.scripts.has(script) ? null : `package.json has no script ${script}`;
};

const wrongWithSluice = async (words: readonly string[], known: Known): Promise<string | null> => {
  const path: string[] = [];
  let help = await known.help(path);
  let rest = words;
  while (rest[0] !== undefined && help.commands.has(rest[0])) {
    path.push(rest[0]);
    rest = rest.slice(1);
    help = await known.help(path);
  }
  const name = ["sluice", ...path].join(" ");
  if (path.length === 0) return `sluice has no command ${words[0] ?? "(none)"}`;
  const { unknown, count } = sortOut(rest, help);
  if (unknown !== null) return `${name} has no option ${unknown}`;
  if (count >= help.least && count <= help.most) return null;
  return `${name} takes ${help.least} to ${help.most} arguments, found ${count}`;
};

const sortOut = (
  words: readonly string[],
  help: Help,
): { readonly unknown: string | null; readonly count: number } => {
  let count = 0;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) {
      count += 1;
      continue;
    }
    const [option = ""] = word.split("=", 1);
    if (!help.options.has(option)) return { unknown: option, count };
    if (help.valued.has(option) && !word.includes("=")) at += 1;
  }
  return { unknown: null, count };
};
