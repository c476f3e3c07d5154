// From arguments to an exit code. Everything that goes wrong on the way is told here, once: people
// get sentences on stderr, scripts with --json a document on stdout.

import { CommanderError } from "commander";
import { CliFailure, failureOf } from "./cli-failure.ts";
import { contextOf } from "./context.ts";
import { colourOf } from "./options.ts";
import type { Options } from "./options.ts";
import { EXIT } from "./exit-code.ts";
import { processIo } from "./io.ts";
import type { Io } from "./io.ts";
import type { Locals } from "./locals.ts";
import { COMMANDS, programOf } from "./program.ts";
import type { Chosen } from "./program.ts";

/** As shells count an interrupt. */
const INTERRUPTED = 130;
const HELP_COLUMNS = 80;

export interface About {
  /** Read only when it is asked for. */
  version(): string;
}

/** `argv` without the program's name. Never throws. */
export const runCli = async (
  argv: readonly string[],
  locals: Locals,
  about: About,
  io: Io = processIo(),
): Promise<number> => {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    io.stdout.write(`${about.version()}\n`);
    return EXIT.ok;
  }
  try {
    const chosen = choose(argv.length === 0 ? ["--help"] : argv, io);
    if (chosen === null) return EXIT.ok;
    const context = contextOf(io, locals, chosen.options);
    const code = await chosen.run(context, chosen.args);
    return code === EXIT.failed && io.interrupted.aborted ? INTERRUPTED : code;
  } catch (error) {
    if (io.interrupted.aborted) return INTERRUPTED;
    return tell(failureOf(error), argv, io);
  }
};

/** Null: help was asked for and given. Throws CliFailures. */
const choose = (argv: readonly string[], io: Io): Chosen | null => {
  let chosen: Chosen | null = null;
  const out = (text: string): void => io.stdout.write(text);
  const columns = Math.min(HELP_COLUMNS, io.stdout.size()?.columns ?? HELP_COLUMNS);
  const program = programOf({ out, err: () => undefined, columns }, (found) => (chosen = found));
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return null;
    throw usageFailure(error, argv);
  }
  return chosen;
};

/** Commander's sentence in our form: `error: unknown option '--wat'\n(Did you mean --wait?)`. */
const usageFailure = (error: CommanderError, argv: readonly string[]): CliFailure => {
  const command = commandOf(argv);
  const help = `see: sluice ${command === "" ? "" : `${command} `}--help`;
  if (error.code === "commander.help") {
    return new CliFailure(EXIT.usage, {
      code: "bad-usage",
      message: `${command} needs to know what to do`,
      hint: help,
    });
  }
  // What was too much is not repeated: it may be a secret that does not belong there.
  const message = error.message.replace(/( but got \d+): .*$/su, "$1");
  const [first = "", ...more] = message.replace(/^error: /, "").split("\n");
  const suggestion = more.join(" ").replace(/^\((.*)\)$/, "$1");
  const hint = suggestion === "" ? help : suggestion.charAt(0).toLowerCase() + suggestion.slice(1);
  return new CliFailure(EXIT.usage, { code: "bad-usage", message: first, hint });
};

/** The command that was meant, as far as it can be told. */
const commandOf = (argv: readonly string[]): string => {
  const [first = "", second = ""] = argv.filter((arg) => !arg.startsWith("-"));
  const names = COMMANDS.map(({ name }) => name);
  if (names.includes(`${first} ${second}`)) return `${first} ${second}`;
  return names.some((name) => name.split(" ")[0] === first) ? first : "";
};

const tell = async (failure: CliFailure, argv: readonly string[], io: Io): Promise<number> => {
  const { renderFailure } = await import("./print/failure.ts");
  const { code, errors } = failure;
  if (argv.includes("--json")) {
    io.stdout.write(`${JSON.stringify({ error: { code, errors } }, null, 2)}\n`);
  }
  const options: Options = {
    color: argv.includes("--no-color") ? false : argv.includes("--color") || undefined,
  };
  const colour = colourOf(io, options, io.stderr);
  io.stderr.write(
    `${renderFailure({ code, errors }, { colour, columns: HELP_COLUMNS, now: io.now() })}\n`,
  );
  return failure.exit;
};
